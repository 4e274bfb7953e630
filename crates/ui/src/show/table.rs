use leptos::prelude::*;

/// Below which width a column is left out. What is left out must be on the detail page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hide {
    /// Always there.
    #[default]
    Never,
    /// Not on a phone (below 640 px).
    Phone,
    /// Not on a tablet either (below 1024 px).
    Tablet,
}

impl Hide {
    const fn class(self) -> &'static str {
        match self {
            Self::Never => "",
            Self::Phone => "max-sm:hidden",
            Self::Tablet => "max-lg:hidden",
        }
    }
}

/// The head of one column. Its cells repeat `hide` and `numeric`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    label: String,
    hide: Hide,
    numeric: bool,
    silent: bool,
}

impl Column {
    /// A column of text.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), hide: Hide::Never, numeric: false, silent: false }
    }

    /// The last column, of buttons: its head is only read aloud.
    pub fn actions() -> Self {
        Self { silent: true, ..Self::new("Actions") }
    }

    /// Left out on narrow screens.
    #[must_use]
    pub fn hide(mut self, hide: Hide) -> Self {
        self.hide = hide;
        self
    }

    /// Numbers, set to the right.
    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }
}

/// A list of things of one kind, 40 px a row; scrolls sideways in itself when it must.
///
/// ```ignore
/// <Table caption="Members" columns=vec![Column::new("Name"), Column::new("Role").hide(Hide::Phone), Column::actions()]>
///     <Row>
///         <CellLink href="/members/1"><Person name="Ada Lovelace" /></CellLink>
///         <Cell hide=Hide::Phone>"Owner"</Cell>
///         <CellActions><Menu …/></CellActions>
///     </Row>
/// </Table>
/// ```
#[component]
pub fn Table(
    /// What is listed, read aloud.
    #[prop(into)]
    caption: String,
    /// Heads, in order.
    columns: Vec<Column>,
    children: Children,
) -> impl IntoView {
    let name = caption.clone();
    view! {
        <div class="relative -mx-1 overflow-x-auto px-1" role="region" aria-label=name tabindex="0">
            <table class="w-full border-collapse text-sm tabular-nums">
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr class="border-b border-line">
                        {columns
                            .into_iter()
                            .map(|column| {
                                let side = if column.numeric { "text-right" } else { "text-left" };
                                let class = format!(
                                    "h-8 px-3 font-medium whitespace-nowrap text-muted first:pl-2 last:pr-2 {side} {}",
                                    column.hide.class(),
                                );
                                view! {
                                    <th scope="col" class=class>
                                        <span class=if column.silent { "sr-only" } else { "" }>{column.label}</span>
                                    </th>
                                }
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// One thing of the list.
#[component]
pub fn Row(
    /// What is over or switched off: quieter, still readable.
    #[prop(optional)]
    quiet: bool,
    children: Children,
) -> impl IntoView {
    let class = if quiet {
        "relative border-b border-line-soft text-muted last:border-0 hover:bg-hover"
    } else {
        "relative border-b border-line-soft last:border-0 hover:bg-hover"
    };
    view! { <tr class=class>{children()}</tr> }
}

/// One value.
#[component]
pub fn Cell(
    /// As its column.
    #[prop(optional)]
    hide: Hide,
    /// As its column.
    #[prop(optional)]
    numeric: bool,
    children: Children,
) -> impl IntoView {
    let side = if numeric { "text-right" } else { "" };
    view! { <td class=format!("h-10 px-3 py-1.5 first:pl-2 last:pr-2 {side} {}", hide.class())>{children()}</td> }
}

/// The value that names the row; its link covers the whole row.
#[component]
pub fn CellLink(
    /// The detail page.
    #[prop(into)]
    href: String,
    children: Children,
) -> impl IntoView {
    view! {
        <th scope="row" class="h-10 max-w-80 max-sm:max-w-48 px-3 py-1.5 text-left font-medium first:pl-2">
            <a
                href=href
                class="inline-flex max-w-full items-center after:absolute after:inset-0 after:rounded-control focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
            >
                {children()}
            </a>
        </th>
    }
}

/// Buttons and menus of a row, above the row's link.
#[component]
pub fn CellActions(children: Children) -> impl IntoView {
    view! {
        <td class="h-10 w-px px-2 py-1.5 text-right whitespace-nowrap">
            <div class="relative z-10 inline-flex items-center justify-end gap-1">{children()}</div>
        </td>
    }
}
