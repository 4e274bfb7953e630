//! Rules for the issuers most people have, from what they know of them.

use super::pattern::ClaimPatterns;
use crate::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// What kind of issuer a rule is for.
    Preset {
        /// Workflows of GitHub Actions.
        GitHub = "github",
        /// Pipelines of GitLab, anybody's or one's own.
        GitLab = "gitlab",
        /// Pods of a cluster.
        Kubernetes = "kubernetes",
        /// Any other OpenID issuer.
        Other = "other",
    }
}

/// What a preset asks for. Each looks at those that are its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PresetFields {
    /// The issuer, where it is not known.
    #[serde(default)]
    pub issuer: String,
    /// GitHub: the repository, with its owner. GitLab: the project, with its groups.
    #[serde(default)]
    pub repository: String,
    /// The branch or tag.
    #[serde(default)]
    pub git_ref: String,
    /// GitHub: the environment of the job.
    #[serde(default)]
    pub environment: String,
    /// GitLab: whether the branch or tag has to be a protected one.
    #[serde(default)]
    pub protected: bool,
    /// Kubernetes: the namespace.
    #[serde(default)]
    pub namespace: String,
    /// Kubernetes: the service account there.
    #[serde(default)]
    pub service_account: String,
}

type Wrong = BTreeMap<&'static str, String>;

impl Preset {
    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub Actions",
            Self::GitLab => "GitLab CI",
            Self::Kubernetes => "Kubernetes",
            Self::Other => "Another issuer",
        }
    }

    /// The issuer, where there is one for all or for most.
    pub const fn issuer(self) -> Option<&'static str> {
        match self {
            Self::GitHub => Some("https://token.actions.githubusercontent.com"),
            Self::GitLab => Some("https://gitlab.com"),
            Self::Kubernetes | Self::Other => None,
        }
    }

    /// For which kind of issuer a rule is, by what it says.
    pub fn of(issuer: &str, claims: &ClaimPatterns) -> Self {
        let sub = claims.get("sub").map_or("", String::as_str);
        if Self::GitHub.issuer() == Some(issuer) {
            Self::GitHub
        } else if Self::GitLab.issuer() == Some(issuer) || claims.contains_key("project_path") {
            Self::GitLab
        } else if sub.starts_with("system:serviceaccount:") {
            Self::Kubernetes
        } else {
            Self::Other
        }
    }

    /// The issuer and the claims of a rule; nothing for [`Preset::Other`], which names its claims itself.
    ///
    /// # Errors
    ///
    /// What is wrong with each field.
    pub fn claims(self, fields: &PresetFields) -> Result<(String, ClaimPatterns), Wrong> {
        let mut wrong = Wrong::new();
        let issuer = match (self.issuer(), fields.issuer.trim()) {
            (Some(known), "") => known,
            (Some(known), _) if self == Self::GitHub => known,
            (_, named) => named,
        };
        let claims = match self {
            Self::GitHub => github(fields, &mut wrong),
            Self::GitLab => gitlab(fields, &mut wrong),
            Self::Kubernetes => kubernetes(fields, &mut wrong),
            Self::Other => Vec::new(),
        };
        if wrong.is_empty() {
            Ok((issuer.to_owned(), claims.into_iter().map(|(name, is)| (name.to_owned(), is)).collect()))
        } else {
            Err(wrong)
        }
    }
}

/// The subject is named too: a workflow on `pull_request_target` says the branch that it would be merged into, and differs
/// in nothing else.
fn github(fields: &PresetFields, wrong: &mut Wrong) -> Vec<(&'static str, String)> {
    let repository = path(&fields.repository, "acme/pipelines", wrong);
    if repository.matches('/').count() > 1 {
        wrong.insert("repository", "A repository is an owner and a name, such as acme/pipelines.".to_owned());
    }
    let (named, environment) = (fields.git_ref.trim(), fields.environment.trim());
    let mut claims = vec![("repository", repository.clone())];
    if named.is_empty() && environment.is_empty() {
        wrong.insert("git_ref", "Name a branch or tag, or an environment.".to_owned());
    }
    let full = if named.starts_with("refs/") { named.to_owned() } else { format!("refs/heads/{named}") };
    if environment.is_empty() {
        claims.push(("sub", format!("repo:{repository}:ref:{full}")));
    } else {
        claims.push(("environment", environment.to_owned()));
        claims.push(("sub", format!("repo:{repository}:environment:{}", environment.replace(':', "%3A"))));
    }
    if !named.is_empty() {
        claims.push(("ref", full));
    }
    claims
}

fn gitlab(fields: &PresetFields, wrong: &mut Wrong) -> Vec<(&'static str, String)> {
    let project = path(&fields.repository, "acme/pipelines", wrong);
    let named = fields.git_ref.trim();
    let mut claims = vec![("project_path", project)];
    if named.is_empty() && !fields.protected {
        wrong.insert("git_ref", "Name a branch or tag, or let it be any protected one.".to_owned());
    }
    if !named.is_empty() {
        // In GitLab's tokens a branch and a tag of one name differ in nothing else.
        let (of, short) = match (named.strip_prefix("refs/heads/"), named.strip_prefix("refs/tags/")) {
            (_, Some(tag)) => ("tag", tag),
            (branch, None) => ("branch", branch.unwrap_or(named)),
        };
        if short.is_empty() {
            wrong.insert("git_ref", "Name a branch or tag.".to_owned());
        }
        claims.push(("ref", short.to_owned()));
        claims.push(("ref_type", of.to_owned()));
    }
    if fields.protected {
        claims.push(("ref_protected", "true".to_owned()));
    }
    claims
}

fn kubernetes(fields: &PresetFields, wrong: &mut Wrong) -> Vec<(&'static str, String)> {
    let mut label = |field: &'static str, text: &str| {
        let text = text.trim();
        let dotted = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
        if text.is_empty() || text.len() > 253 || !text.bytes().all(dotted) {
            wrong.insert(field, "Use lower-case letters, digits, hyphens and dots.".to_owned());
        }
        text.to_owned()
    };
    let namespace = label("namespace", &fields.namespace);
    let account = label("service_account", &fields.service_account);
    vec![("sub", format!("system:serviceaccount:{namespace}:{account}"))]
}

/// An owner and what is theirs.
fn path(text: &str, such_as: &str, wrong: &mut Wrong) -> String {
    let text = text.trim();
    let plain = text.split('*').next().unwrap_or("");
    let owned = plain.split_once('/').is_some_and(|(owner, _)| !owner.is_empty()) && !text.ends_with('/');
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == ':';
    if !owned || text.contains("//") || text.contains(odd) {
        wrong.insert("repository", format!("Write it with its owner, such as {such_as}."));
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::parse_claims;
    use super::*;

    fn claims(preset: Preset, fields: PresetFields) -> Result<String, Vec<&'static str>> {
        match preset.claims(&fields) {
            Ok((issuer, claims)) => {
                let lines: Vec<_> = claims.iter().map(|(name, is)| format!("{name} = {is}")).collect();
                let text = lines.join("\n");
                assert_eq!(
                    parse_claims(&issuer, &text).as_ref(),
                    Ok(&claims),
                    "what a preset says is a rule"
                );
                assert_eq!(Preset::of(&issuer, &claims), preset);
                Ok(format!("{issuer}\n{text}"))
            }
            Err(wrong) => Err(wrong.into_keys().collect()),
        }
    }

    fn github(repository: &str, git_ref: &str, environment: &str) -> Result<String, Vec<&'static str>> {
        let (repository, git_ref, environment) = (repository.into(), git_ref.into(), environment.into());
        claims(Preset::GitHub, PresetFields { repository, git_ref, environment, ..PresetFields::default() })
    }

    #[test]
    fn github_is_a_repository_with_a_branch_tag_or_environment() {
        let issuer = "https://token.actions.githubusercontent.com";
        assert_eq!(
            github("acme/ci", "main", "").unwrap(),
            format!(
                "{issuer}\nref = refs/heads/main\nrepository = acme/ci\nsub = repo:acme/ci:ref:refs/heads/main"
            )
        );
        assert!(github("acme/ci", "refs/tags/v*", "").unwrap().contains("ref = refs/tags/v*\n"));
        assert_eq!(
            github("acme/ci", "", "prod:eu").unwrap(),
            format!(
                "{issuer}\nenvironment = prod:eu\nrepository = acme/ci\nsub = repo:acme/ci:environment:prod%3Aeu"
            )
        );
        for bad in ["", "ci", "/ci", "acme/", "*/ci", "acme/a/b", "acme/a b", "acme/a:b"] {
            assert_eq!(github(bad, "main", ""), Err(vec!["repository"]), "{bad}");
        }
        assert_eq!(github("acme/ci", " ", ""), Err(vec!["git_ref"]));
    }

    #[test]
    fn gitlab_is_a_project_with_a_branch_or_any_protected_one() {
        let gitlab = |issuer: &str, repository: &str, git_ref: &str, protected: bool| {
            let (issuer, repository, git_ref) = (issuer.into(), repository.into(), git_ref.into());
            claims(
                Preset::GitLab,
                PresetFields { issuer, repository, git_ref, protected, ..PresetFields::default() },
            )
        };
        assert_eq!(
            gitlab("", "acme/ml/ci", "main", true).unwrap(),
            "https://gitlab.com\nproject_path = acme/ml/ci\nref = main\nref_protected = true\nref_type = branch"
        );
        for (named, said) in [
            ("v*", "ref = v*\nref_type = branch"),
            ("refs/heads/main", "ref = main\nref_type = branch"),
            ("refs/tags/v*", "ref = v*\nref_type = tag"),
        ] {
            let expected = format!("https://gitlab.com\nproject_path = acme/ci\n{said}");
            assert_eq!(gitlab("", "acme/ci", named, false).unwrap(), expected, "{named}");
        }
        assert_eq!(gitlab("", "acme/ci", "refs/tags/", false), Err(vec!["git_ref"]));
        assert!(
            gitlab("https://git.acme.test", "acme/ci", "", true)
                .unwrap()
                .starts_with("https://git.acme.test\n")
        );
        assert_eq!(gitlab("", "acme/ci", "", false), Err(vec!["git_ref"]));
        assert_eq!(gitlab("", "ci", "main", false), Err(vec!["repository"]));
    }

    #[test]
    fn kubernetes_is_one_service_account() {
        let kubernetes = |namespace: &str, service_account: &str| {
            let (namespace, service_account) = (namespace.into(), service_account.into());
            let issuer = "https://oidc.acme.test".to_owned();
            claims(
                Preset::Kubernetes,
                PresetFields { issuer, namespace, service_account, ..PresetFields::default() },
            )
        };
        assert_eq!(
            kubernetes("ml", "trainer").unwrap(),
            "https://oidc.acme.test\nsub = system:serviceaccount:ml:trainer"
        );
        assert_eq!(kubernetes("ml", ""), Err(vec!["service_account"]));
        for bad in ["m*", "m:l", "Ml", "m l"] {
            assert_eq!(kubernetes(bad, "trainer"), Err(vec!["namespace"]), "{bad}");
        }
    }
}
