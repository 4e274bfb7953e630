//! What to write into a workflow, so that it signs in by a rule.

use super::pattern::ClaimPatterns;
use super::preset::Preset;
use crate::ServiceAccountId;

/// What a snippet is made from.
#[derive(Clone, Copy, Debug)]
pub struct Snippet<'a> {
    /// The rule's issuer.
    pub issuer: &'a str,
    /// The rule's audience.
    pub audience: &'a str,
    /// The rule's claims.
    pub claims: &'a ClaimPatterns,
    /// For which account.
    pub account: ServiceAccountId,
    /// Where tokens are exchanged.
    pub token_url: &'a str,
}

/// Where a snippet goes, and what it says. The account is always named: then no rule of anybody else can be meant.
pub fn snippet(of: Snippet<'_>) -> (&'static str, String) {
    let audience = of.audience;
    match Preset::of(of.issuer, of.claims) {
        Preset::GitHub => {
            let environment = of.claims.get("environment").filter(|name| is_plain(name));
            let environment =
                environment.map(|name| format!("    environment: {name}\n")).unwrap_or_default();
            let exchange = exchange(of, "          ", "\"subject_token=$outside\"");
            let text = format!(
                "permissions:
  id-token: write
  contents: read

jobs:
  run:
    runs-on: ubuntu-latest
{environment}    steps:
      - name: Sign in to Reeve
        run: |
          outside=$(curl -sSf -G -H \"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\" \\
            --data-urlencode \"audience={audience}\" \"$ACTIONS_ID_TOKEN_REQUEST_URL\" | jq -r .value)
{exchange}
          echo \"::add-mask::$token\"
          echo \"REEVE_TOKEN=$token\" >> \"$GITHUB_ENV\"
"
            );
            ("In the workflow, such as .github/workflows/train.yml", text)
        }
        Preset::GitLab => {
            let exchange = exchange(of, "      ", "\"subject_token=$REEVE_ID_TOKEN\"");
            let text = format!(
                "run:
  id_tokens:
    REEVE_ID_TOKEN:
      aud: {audience}
  script:
    - |
{exchange}
"
            );
            ("In .gitlab-ci.yml", text)
        }
        Preset::Kubernetes => {
            let name = of.claims.get("sub").and_then(|sub| sub.rsplit(':').next());
            let name = name.filter(|name| is_plain(name)).unwrap_or("default");
            let exchange = exchange(of, "          ", "subject_token@/var/run/secrets/reeve/token");
            let text = format!(
                "spec:
  serviceAccountName: {name}
  containers:
    - name: main
      volumeMounts:
        - name: reeve
          mountPath: /var/run/secrets/reeve
          readOnly: true
      command: [sh, -c]
      args:
        - |
{exchange}
  volumes:
    - name: reeve
      projected:
        sources:
          - serviceAccountToken:
              path: token
              audience: {audience}
              # Each token counts once; a new one is there after eight minutes.
              expirationSeconds: 600
"
            );
            ("In the pod", text)
        }
        Preset::Other => {
            let text = format!("{}\n", exchange(of, "", "\"subject_token=$outside\""));
            ("Where a token of the issuer is at hand, for the audience of the rule", text)
        }
    }
}

/// The exchange itself (RFC 8693 §2.1).
fn exchange(of: Snippet<'_>, indent: &str, token: &str) -> String {
    let (url, account) = (of.token_url, of.account);
    format!(
        "{indent}token=$(curl -sSf \"{url}\" \\
{indent}  -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange \\
{indent}  -d subject_token_type=urn:ietf:params:oauth:token-type:jwt \\
{indent}  -d client_id={account} \\
{indent}  --data-urlencode {token} | jq -r .access_token)"
    )
}

/// Whether a text is itself in YAML and in a shell, without quotes.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn of(issuer: &str, claims: &[(&str, &str)]) -> (&'static str, String) {
        let claims = claims.iter().map(|(name, is)| ((*name).to_owned(), (*is).to_owned())).collect();
        let account = ServiceAccountId::from_uuid(Uuid::nil());
        let (audience, token_url) = ("https://reeve.acme.test", "https://reeve.acme.test/oauth/token");
        snippet(Snippet { issuer, audience, claims: &claims, account, token_url })
    }

    #[test]
    fn each_snippet_names_audience_account_and_exchange() {
        let github = "https://token.actions.githubusercontent.com";
        let subject = "system:serviceaccount:ml:trainer";
        for (issuer, claims, has) in [
            (github, [("environment", "prod")], "  id-token: write\n"),
            (github, [("environment", "prod")], "\n    environment: prod\n    steps:"),
            (github, [("environment", "prod; rm -rf /")], "ubuntu-latest\n    steps:"),
            ("https://gitlab.com", [("project_path", "acme/ci")], "      aud: https://reeve.acme.test\n"),
            ("https://oidc.acme.test", [("sub", subject)], "serviceAccountName: trainer\n"),
            (
                "https://oidc.acme.test",
                [("sub", "system:serviceaccount:ml:x\u{85}hostNetwork: true")],
                "serviceAccountName: default\n",
            ),
            (
                "https://oidc.acme.test",
                [("sub", subject)],
                "              audience: https://reeve.acme.test\n",
            ),
            (
                "https://ci.acme.test",
                [("sub", "job")],
                "token=$(curl -sSf \"https://reeve.acme.test/oauth/token\"",
            ),
        ] {
            let (_, text) = of(issuer, &claims);
            assert!(text.contains(has), "{has:?} in {text}");
            assert!(text.contains("-d client_id=00000000-0000-0000-0000-000000000000 \\\n"), "{text}");
            assert!(text.contains("grant-type:token-exchange"), "{text}");
        }
    }
}
