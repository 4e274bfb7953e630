//! The only knobs: what a thing means, and how large it is.

/// What a colour stands for. Never the only sign of it: an icon or a word goes with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// No judgement.
    #[default]
    Neutral,
    /// Selected, new, worth a look.
    Accent,
    /// As it should be.
    Ok,
    /// Works, needs attention.
    Warn,
    /// Broken, refused, or about to destroy something.
    Bad,
}

impl Tone {
    /// Soft ground with readable text on it.
    pub const fn soft(self) -> &'static str {
        match self {
            Self::Neutral => "bg-line-soft text-muted",
            Self::Accent => "bg-accent-soft text-accent",
            Self::Ok => "bg-ok-soft text-ok",
            Self::Warn => "bg-warn-soft text-warn",
            Self::Bad => "bg-bad-soft text-bad",
        }
    }

    /// Text and icons on any ground.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Neutral => "text-muted",
            Self::Accent => "text-accent",
            Self::Ok => "text-ok",
            Self::Warn => "text-warn",
            Self::Bad => "text-bad",
        }
    }

    /// A filled dot or a bar.
    pub const fn fill(self) -> &'static str {
        match self {
            Self::Neutral => "fill-control",
            Self::Accent => "fill-accent-fill",
            Self::Ok => "fill-ok-fill",
            Self::Warn => "fill-warn-fill",
            Self::Bad => "fill-bad-fill",
        }
    }

    /// The icon that says the same without colour.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Neutral | Self::Accent => "info",
            Self::Ok => "circle-check",
            Self::Warn => "triangle-alert",
            Self::Bad => "circle-alert",
        }
    }
}

/// Height of a control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// 28 px: inside tables and toolbars.
    Small,
    /// 32 px.
    #[default]
    Medium,
    /// 40 px: the one action of a public page, thumbs welcome.
    Large,
}

/// Space between neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gap {
    /// 4 px.
    Tight,
    /// 8 px.
    Small,
    /// 16 px.
    #[default]
    Medium,
    /// 32 px: between sections.
    Large,
}

impl Gap {
    /// The class for a flex or grid container.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Tight => "gap-1",
            Self::Small => "gap-2",
            Self::Medium => "gap-4",
            Self::Large => "gap-8",
        }
    }
}
