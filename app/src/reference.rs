//! The description of the API as a page for people. Rendered on the server alone: it is the same for everybody, loads no
//! script, and costs the browser half nothing.

use crate::layout::{Logo, Theme};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::HashedStylesheet;

/// What is on the page.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The version that runs.
    pub version: &'static str,
    /// By noun.
    pub groups: Vec<Group>,
}

/// The operations of a noun.
#[derive(Clone, Debug)]
pub struct Group {
    /// The noun.
    pub name: String,
    /// They.
    pub operations: Vec<Entry>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id in the document, and the anchor here.
    pub id: String,
    /// `GET` and the like.
    pub method: String,
    /// Where.
    pub path: String,
    /// What it does, in one sentence.
    pub summary: String,
    /// The same, in full.
    pub text: String,
    /// Who may.
    pub who: String,
    /// What goes in.
    pub inputs: Vec<Input>,
    /// What comes out.
    pub answers: Vec<Answer>,
    /// A call of it.
    pub curl: String,
}

/// What goes in.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Where it stands: `path`, `query`, `header`, `form` or `JSON`.
    pub place: String,
    /// What it looks like.
    pub kind: String,
    /// Whether it has to be there.
    pub required: bool,
    /// What it is.
    pub says: String,
}

/// What comes out.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: String,
    /// When.
    pub says: String,
    /// What it looks like, if there is something.
    pub shape: Option<String>,
}

impl Group {
    fn anchor(&self) -> String {
        self.name.replace(' ', "-")
    }
}

/// The inside of the page, which is the same for everybody.
pub fn body(reference: Reference) -> String {
    let render = move || {
        let toc = reference.groups.iter().map(|group| {
            view! {
                <li>
                    <a class="link" href=format!("#{}", group.anchor())>
                        {group.name.clone()}
                    </a>
                </li>
            }
        });
        let toc = toc.collect_view();
        let version = format!("Version {}.", reference.version);
        let groups = reference.groups.into_iter().map(group).collect_view();
        view! {
            <div class="mx-auto flex min-h-dvh max-w-4xl flex-col gap-8 px-4 py-8">
                <header class="flex items-center justify-between gap-4">
                    <a href="/" aria-label="Reeve, to the dashboard">
                        <Logo />
                    </a>
                    <a class="link text-sm" href="/me/tokens">
                        "Access tokens"
                    </a>
                </header>
                <main id="main" class="flex flex-col gap-8">
                    <div class="flex flex-col gap-3">
                        <h1 class="text-2xl font-semibold">"API"</h1>
                        <p class="text-muted">
                            {version}
                            " Programs send a personal access token or the key of a service account as "
                            <code class="font-mono text-sm">"Authorization: Bearer"</code> ". The same as a document: "
                            <a class="link" href="/api/openapi.json">
                                "/api/openapi.json"
                            </a> " (OpenAPI 3.1)."
                        </p>
                        <nav aria-label="Nouns">
                            <ul class="flex flex-wrap gap-x-4 gap-y-1 text-sm">{toc}</ul>
                        </nav>
                    </div>
                    {groups}
                </main>
            </div>
        }
        .to_html()
    };
    Owner::new().with(render)
}

fn group(group: Group) -> impl IntoView {
    let anchor = group.anchor();
    let title = format!("{anchor}-title");
    let labelled = title.clone();
    view! {
        <section id=anchor aria-labelledby=labelled class="flex flex-col gap-2">
            <h2 id=title class="text-lg font-semibold first-letter:uppercase">
                {group.name}
            </h2>
            {group.operations.into_iter().map(entry).collect_view()}
        </section>
    }
}

fn entry(entry: Entry) -> impl IntoView {
    let called = format!("Call of {} {}", entry.method, entry.path);
    let answered = format!("of {} {}", entry.method, entry.path);
    let inputs = (!entry.inputs.is_empty()).then(|| inputs(entry.inputs));
    view! {
        <details id=entry.id class="rounded-card border border-line bg-surface">
            <summary class="cursor-pointer px-4 py-2">
                <h3 class="inline text-sm font-normal">
                    <code class="font-mono font-semibold">{entry.method}</code>
                    " "
                    <code class="font-mono break-all">{entry.path}</code>
                    <span class="block pl-4 text-muted">{entry.summary}</span>
                </h3>
            </summary>
            <div class="flex flex-col gap-4 border-t border-line px-4 py-4 text-sm">
                <p>{entry.text}</p>
                <p>
                    <strong class="font-semibold">"Who may: "</strong>
                    {entry.who}
                </p>
                {inputs}
                {answers(entry.answers, &answered)}
                <div class="flex flex-col gap-2">
                    <h4 class="font-semibold">"Call"</h4>
                    {block(&called, entry.curl)}
                </div>
            </div>
        </details>
    }
}

fn inputs(inputs: Vec<Input>) -> impl IntoView {
    let rows = inputs.into_iter().map(|input| {
        let kind = if input.required { input.kind } else { format!("{}, optional", input.kind) };
        view! {
            <div class="flex flex-col">
                <dt>
                    <code class="font-mono font-semibold">{input.name}</code>
                    " "
                    <span class="text-muted">{format!("{} · {kind}", input.place)}</span>
                </dt>
                <dd>{input.says}</dd>
            </div>
        }
    });
    view! {
        <div class="flex flex-col gap-2">
            <h4 class="font-semibold">"Takes"</h4>
            <dl class="flex flex-col gap-2">{rows.collect_view()}</dl>
        </div>
    }
}

fn answers(answers: Vec<Answer>, of: &str) -> impl IntoView + use<> {
    let rows = answers.into_iter().map(|answer| {
        let label = format!("Answer {} {of}", answer.status);
        let shape = answer.shape.map(|shape| block(&label, shape));
        view! {
            <div class="flex flex-col gap-1">
                <dt>
                    <code class="font-mono font-semibold">{answer.status}</code>
                </dt>
                <dd class="flex flex-col gap-1">
                    <span>{answer.says}</span>
                    {shape}
                </dd>
            </div>
        }
    });
    view! {
        <div class="flex flex-col gap-2">
            <h4 class="font-semibold">"Answers"</h4>
            <dl class="flex flex-col gap-2">{rows.collect_view()}</dl>
        </div>
    }
}

/// What may be wider than the page, and is then moved by the keyboard too.
fn block(label: &str, text: String) -> impl IntoView + use<> {
    view! {
        <pre
            role="region"
            aria-label=label.to_owned()
            tabindex="0"
            class="overflow-x-auto rounded-control border border-line bg-sunken px-3 py-2 font-mono text-xs"
        >
            {text}
        </pre>
    }
}

/// The document around it.
pub fn page(options: LeptosOptions, theme: Theme, body: &str) -> String {
    let stylesheet = Owner::new().with(|| view! { <HashedStylesheet options id="leptos" /> }.to_html());
    let theme = theme.attribute().map(|theme| format!(" data-theme=\"{theme}\"")).unwrap_or_default();
    format!(
        "<!DOCTYPE html><html lang=\"en\"{theme}><head><meta charset=\"utf-8\"><title>API · Reeve</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">{stylesheet}</head>\
         <body>{body}</body></html>"
    )
}
