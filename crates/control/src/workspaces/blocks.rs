//! Ready-made configuration for a ZenML server, to be copied once after enrolment.
//!
//! Identifiers, ids, keys and the public URL hold no character that a shell or a quoted YAML text would take for its
//! own, so nothing is escaped. YAML is quoted because an identifier may be one of its words, such as `yes`.

use crate::settings::PublicUrl;
use model::org::Org;
use store::workspaces::Workspace;

/// The newest ZenML release this version of Reeve was tested with.
const ZENML_VERSION: &str = "0.98.0";

/// Where the operator puts the server; only they know.
const SERVER_URL: &str = "https://zenml.example.com";

pub(super) struct Blocks<'a> {
    pub(super) public_url: &'a PublicUrl,
    pub(super) org: &'a Org,
    pub(super) workspace: &'a Workspace,
    pub(super) key: &'a str,
    /// Signs the server's own tokens; made here so that they survive its restarts. Reeve keeps no copy.
    pub(super) jwt_secret: String,
}

impl Blocks<'_> {
    fn api_url(&self) -> String {
        self.public_url.join("/api/v1")
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ZENML_SERVER_DEPLOYMENT_TYPE", "cloud".to_owned()),
            ("ZENML_SERVER_PRO_API_URL", self.api_url()),
            ("ZENML_SERVER_PRO_DASHBOARD_URL", self.public_url.as_str().to_owned()),
            ("ZENML_SERVER_PRO_OAUTH2_AUDIENCE", self.api_url()),
            ("ZENML_SERVER_PRO_OAUTH2_CLIENT_SECRET", self.key.to_owned()),
            ("ZENML_SERVER_PRO_ORGANIZATION_ID", self.org.id.to_string()),
            ("ZENML_SERVER_PRO_ORGANIZATION_NAME", self.org.name.clone()),
            ("ZENML_SERVER_PRO_WORKSPACE_ID", self.workspace.id.to_string()),
            ("ZENML_SERVER_PRO_WORKSPACE_NAME", self.workspace.name.clone()),
            ("ZENML_SERVER_JWT_SECRET_KEY", self.jwt_secret.clone()),
            ("ZENML_SERVER_SERVER_URL", SERVER_URL.to_owned()),
        ]
    }

    pub(super) fn environment(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.variables() {
            if name == "ZENML_SERVER_SERVER_URL" {
                text.push_str("# Where people and programs reach this server:\n");
            }
            text.extend([name, "=", &value, "\n"]);
        }
        text
    }

    pub(super) fn helm_values(&self) -> String {
        format!(
            "server:\n  \
               # Where people and programs reach this server:\n  \
               serverURL: \"{SERVER_URL}\"\n  \
               pro:\n    \
                 enabled: true\n    \
                 apiURL: \"{api}\"\n    \
                 dashboardURL: \"{dashboard}\"\n    \
                 enrollmentKey: \"{key}\"\n    \
                 organizationID: \"{org_id}\"\n    \
                 organizationName: \"{org_name}\"\n    \
                 workspaceID: \"{id}\"\n    \
                 workspaceName: \"{name}\"\n",
            api = self.api_url(),
            dashboard = self.public_url.as_str(),
            key = self.key,
            org_id = self.org.id,
            org_name = self.org.name,
            id = self.workspace.id,
            name = self.workspace.name,
        )
    }

    pub(super) fn docker_run(&self) -> String {
        // A container reaches Reeve on this very machine only through the machine's own network.
        let network = if self.public_url.is_secure() { "-p 8080:8080" } else { "--network host" };
        let mut text = format!("docker run -d --name zenml-{} {network} \\\n", self.workspace.name);
        for (name, value) in self.variables() {
            text.extend(["  -e ", name, "=", &value, " \\\n"]);
        }
        text.extend(["  zenmldocker/zenml-server:", ZENML_VERSION, "\n"]);
        text
    }
}
