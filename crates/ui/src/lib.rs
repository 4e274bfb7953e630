//! Components on native HTML elements. No data access.
//!
//! Everything works on the server and before the WASM half has loaded: forms submit, menus and dialogs open (they are
//! popovers), links navigate. Hydration adds what needs it: copying, the command menu, local times, modal dialogs.
//! `use ui::*;` brings all of it. Optional text props take `&str` or `String`; props marked *signal* take a plain value,
//! a signal or a closure. No component writes an inline `style`, makes up an id, or reads the clock while rendering.
//!
//! | component | props (`?` optional) |
//! | --- | --- |
//! | **action** | |
//! | [`Button`] | `variant?` [`Variant`], `size?`, `icon?`, `kind?` [`ButtonKind`] (submit), `name?` `value?`, `opens?` id of a [`Dialog`], `pending?` *signal*, `disabled?` *signal*, `full?`; children |
//! | [`LinkButton`] | `href`, `variant?`, `size?`, `icon?`, `external?`, `full?`, `adds?`; children |
//! | [`IconButton`] | `label`, `icon`, `kind?` (button), `name?` `value?`, `opens?` |
//! | [`CopyButton`] | `value`, `label?` |
//! | [`CopyField`] | `value`, `label` |
//! | [`Menu`] | `id`, `label`, `icon?`, `align?` [`Align`]; children: [`MenuLink`] `href icon? current? external?`, [`MenuButton`] `icon? tone? name? value? opens?`, [`MenuLabel`], [`MenuSeparator`] |
//! | [`MenuPanel`] | `id`, `label`, `align?`; for a trigger of your own with `popovertarget` |
//! | **form** | |
//! | [`FormBody`] | `wide?`; children: fields, then [`FormActions`] |
//! | [`FormActions`] | children: buttons, the primary one first |
//! | [`Saved`] | `when` *signal* `bool`; in [`FormActions`], after the button |
//! | [`FormError`] | `error` *signal* `Option<ApiError>`; pair with [`field_error`]`(error, "name")` |
//! | [`Input`] | `name`, `label`, `kind?`, `value?`, `hint?`, `error?` *signal*, `id?`, `placeholder?`, `autocomplete?`, `suggestions?`, `inputmode?`, `pattern?`, `minlength?`, `maxlength?`, `required?`, `optional_mark?`, `readonly?`, `autofocus?`, `mono?`, `hide_label?` |
//! | [`Textarea`] | as [`Input`], and `rows?` |
//! | [`Select`] | `name`, `label`, `options` `Vec<`[`Choice`]`>`, `value?`, `hint?`, `error?`, `id?`, `required?`, `hide_label?`, `auto_submit?` |
//! | [`Checkbox`] | `name`, `label`, `value?`, `checked?`, `hint?`, `id?` |
//! | [`RadioCards`] | `name`, `legend`, `options`, `value?`, `hint?`, `error?` |
//! | [`Search`] | `label`, `name?` (q), `value?`, `placeholder?`, `id?` |
//! | [`Field`] | `id`, `label`, `hint?`, `error?`, `optional_mark?`, `hide_label?`; children: a control of your own, with [`described_by`] |
//! | [`SecretOnce`] | `label`, `secret`, `purpose`, `lost` |
//! | **show** | |
//! | [`Icon`] | `name` (see `style/icons.txt`), `class?` |
//! | [`Badge`] | `tone?` [`Tone`], `icon?`; children |
//! | [`StatusDot`] | `tone?`; children: the word |
//! | [`Avatar`] | `name`, `large?` |
//! | [`Person`] | `name`, `detail?` |
//! | [`Timestamp`] | `at` `model::time::Timestamp`, `full?` |
//! | [`Kbd`] | children |
//! | [`Code`] | children: an id or key inline |
//! | [`CodeBlock`] | `label`, `code` |
//! | [`Table`] | `caption`, `columns` `Vec<`[`Column`]`>`; children: [`Row`] of [`Cell`] `hide? numeric?`, [`CellLink`] `href` (stretches over the row), [`CellActions`] |
//! | [`Card`] | `title?`, `lead?`, `flush?`, `tone?`; children |
//! | [`Empty`] | `icon`, `title`, `lead`; children: the next step |
//! | [`Skeleton`] | `lines?`; [`SkeletonTable`] `rows? columns?` |
//! | [`Alert`] | `tone?`, `title?`; children |
//! | [`Problem`] | `title`, `lead`, `status?`, `reference?`; children: what to do next |
//! | [`Progress`] | `label`, `value`, `max`, `unit?` |
//! | [`Stat`] | `label`, `value`, `hint?`, `href?`; children? |
//! | [`Stats`] | children: [`Stat`] |
//! | [`Spark`] | `title`, `summary`, `bars` `Vec<`[`Bar`]`>` |
//! | [`DefinitionList`] | children: [`Definition`] `term` |
//! | [`Steps`] | children: [`Step`] `title lead? done? current?` |
//! | **overlay** | |
//! | [`Dialog`] | `id`, `title`, `lead?`, `open?` `RwSignal<bool>`, `size?` [`DialogSize`], `close_on_submit?`; children |
//! | [`Confirm`] | `id`, `title`, `lead`; children: a form ending in [`ConfirmActions`] `dialog label type_name? tone?` |
//! | [`ToastRegion`] | none; with [`provide_toasts`] and [`toast`] |
//! | **nav** | |
//! | [`Tabs`] | `label`; children: [`Tab`] `href current? count?` |
//! | [`Breadcrumbs`] | `crumbs` `Vec<`[`Crumb`]`>` |
//! | [`Pagination`] | `previous?`, `next?`, `summary?` (`Option<String>`) |
//! | [`SidebarGroup`] | `label?`; children: [`SidebarLink`] `href icon current? count? keys?` |
//! | [`CommandMenu`] | `commands` `Vec<`[`Command`]`>` |
//! | **layout** | |
//! | [`Stack`] | `gap?` [`Gap`]; children |
//! | [`Cluster`] | `gap?`, `between?`; children |
//! | [`PageHeader`] | `title`, `lead?`, `badge?` (view); children: actions |
//! | [`Section`] | `title`, `lead?`, `id?`; children |
//! | [`Toolbar`] | children: [`Search`], [`Select`], buttons |
//! | [`Split`] | children: [`SplitMain`], [`SplitAside`] |
//! | [`Centered`] | `title`, `lead?`; children |

pub mod action;
pub mod form;
pub mod layout;
pub mod nav;
pub mod overlay;
pub mod show;
pub mod tokens;

pub use action::*;
pub use form::*;
pub use layout::*;
pub use nav::*;
pub use overlay::*;
pub use show::*;
pub use tokens::*;
