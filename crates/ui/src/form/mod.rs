//! What a person fills in. Everything here submits without JavaScript.
//!
//! Inside an `<ActionForm>` (or a plain `<form method="post">`):
//!
//! ```ignore
//! let error = Signal::derive(move || action.value().get().and_then(Result::err));
//! view! {
//!     <ActionForm action=action>
//!         <FormBody>
//!             <FormError error=error />
//!             <Input name="name" label="Name" error=field_error(error, "name") required=true />
//!             <FormActions>
//!                 <Button variant=Variant::Primary pending=action.pending()>"Create token"</Button>
//!             </FormActions>
//!         </FormBody>
//!     </ActionForm>
//! }
//! ```

mod checkbox;
mod field;
mod form_error;
mod input;
mod radio_cards;
mod saved;
mod search;
mod secret_once;
mod select;
#[cfg(test)]
mod tests;
mod textarea;

pub use checkbox::*;
pub use field::*;
pub use form_error::*;
pub use input::*;
pub use radio_cards::*;
pub use saved::*;
pub use search::*;
pub use secret_once::*;
pub use select::*;
pub use textarea::*;

/// Borders and ground of everything one types or picks in.
const CONTROL: &str = "w-full rounded-control border border-control bg-surface px-2.5 text-base text-ink \
                       aria-invalid:border-bad focus-visible:outline-offset-0 \
                       disabled:bg-sunken disabled:text-muted";
