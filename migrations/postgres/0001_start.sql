-- Everything from the first organization to a ZenML server inside it.
-- Instants are Unix milliseconds, bound by the application: no database clock takes part in any decision.
-- `*_sha256` are digests of 256-bit random secrets, so a dump holds nothing that can be presented.
-- `*_sealed` are encrypted with a data key, whose id they begin with, and bound to table, column and row.

-- One row. The latch for first-run setup: once an organization has existed, setup stays closed, even if it is deleted.
CREATE TABLE installation (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  created_at BIGINT NOT NULL,
  home_org_id UUID,
  setup_completed_at BIGINT
);

-- Keys that seal, each encrypted with the installation's secret key. One of them is in use; the others only open, until
-- a rotation has moved everything off them. Who seals holds the row of the key in use, so that a retired key gets no
-- new values.
CREATE TABLE data_keys (
  id UUID PRIMARY KEY,
  key_wrapped BYTEA NOT NULL,
  -- Tells which secret key it is encrypted with, and nothing else about that one.
  kek_fingerprint TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  retired_at BIGINT
);
CREATE UNIQUE INDEX data_keys_in_use ON data_keys ((retired_at IS NULL)) WHERE retired_at IS NULL;

CREATE TABLE organizations (
  id UUID PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  description TEXT NOT NULL,
  -- Counts changes of roles, memberships, grants and shares; whoever caches a decision compares it first.
  policy_version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- Names inside workspaces. A ZenML server merges accounts of equal name, so a name is never given twice,
-- not even after its owner is gone: rows are only ever added.
CREATE TABLE usernames (
  kind TEXT NOT NULL CHECK (kind IN ('user', 'service_account')),
  folded TEXT NOT NULL,
  owner_id UUID NOT NULL,
  taken_at BIGINT NOT NULL,
  PRIMARY KEY (kind, folded)
);

-- Accounts: of people, and for machines.
CREATE TABLE users (
  id UUID PRIMARY KEY,
  username TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL,
  is_service_account BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  last_seen_at BIGINT,
  deactivated_at BIGINT
);
-- Not unique on purpose: an address is contact data, never an identity.
CREATE INDEX users_by_email ON users (email_folded);

-- A person is (issuer, subject). Mailboxes are identities of the issuer 'urn:reeve:mailbox'.
CREATE TABLE identities (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id),
  connection_id UUID,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- A mailbox is proven once a mailed link was opened; only then does it open sessions by itself.
  verified_at BIGINT,
  last_used_at BIGINT,
  UNIQUE (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);
CREATE INDEX identities_by_connection ON identities (connection_id);

CREATE TABLE memberships (
  org_id UUID NOT NULL REFERENCES organizations (id),
  user_id UUID NOT NULL REFERENCES users (id),
  role TEXT NOT NULL,
  joined_at BIGINT NOT NULL,
  -- Since when nothing of theirs opens this organization, if so. What they hold in it stays.
  locked_at BIGINT,
  -- Lower-cased name, and name, address and username together: for the order of the members list and its search.
  sort_name TEXT NOT NULL,
  search_text TEXT NOT NULL,
  PRIMARY KEY (org_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);
-- The search text is in both, so that a search reads the index alone: thirty times less than the rows.
CREATE INDEX memberships_in_order ON memberships (org_id, sort_name, user_id, search_text);
CREATE INDEX memberships_by_role ON memberships (org_id, role, sort_name, user_id, search_text);

CREATE TABLE connections (
  id UUID PRIMARY KEY,
  org_id UUID REFERENCES organizations (id),
  label TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_secret_sealed BYTEA,
  from_file BOOLEAN NOT NULL,
  enabled BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (issuer, client_id)
);

-- One attempt to sign in through a provider, from the redirect to the callback.
CREATE TABLE sign_in_attempts (
  id UUID PRIMARY KEY,
  connection_id UUID NOT NULL,
  state_sha256 BYTEA NOT NULL UNIQUE,
  -- Digest of the cookie of the browser that began: another browser cannot finish.
  browser_sha256 BYTEA NOT NULL,
  -- Nonce and PKCE verifier.
  secrets_sealed BYTEA NOT NULL,
  next TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  consumed_at BIGINT
);
CREATE INDEX sign_in_attempts_by_expiry ON sign_in_attempts (expires_at);

CREATE TABLE one_time_links (
  id UUID PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('setup', 'sign_in')),
  secret_sha256 BYTEA NOT NULL UNIQUE,
  identity_id UUID REFERENCES identities (id),
  next TEXT,
  -- Whether the link travels by mail, so that opening it proves the mailbox.
  mailed BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  CHECK ((kind = 'sign_in') = (identity_id IS NOT NULL))
);
CREATE INDEX one_time_links_by_expiry ON one_time_links (expires_at);

CREATE TABLE sessions (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id),
  identity_id UUID NOT NULL REFERENCES identities (id),
  secret_sha256 BYTEA NOT NULL UNIQUE,
  method TEXT NOT NULL,
  ip TEXT,
  user_agent TEXT,
  created_at BIGINT NOT NULL,
  -- When the person last proved who they are: what is sensitive asks for it again after a while.
  authenticated_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

CREATE TABLE invitations (
  id UUID PRIMARY KEY,
  org_id UUID NOT NULL REFERENCES organizations (id),
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL,
  role TEXT NOT NULL,
  invited_by UUID NOT NULL REFERENCES users (id),
  -- Two links: the mailed one proves the mailbox, the one an administrator copied does not.
  mailed_sha256 BYTEA UNIQUE,
  copied_sha256 BYTEA NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  accepted_at BIGINT,
  accepted_by UUID REFERENCES users (id),
  declined_at BIGINT,
  revoked_at BIGINT
);
-- One open invitation per address and organization. Closed ones stay as history.
CREATE UNIQUE INDEX invitations_open ON invitations (org_id, email_folded)
  WHERE accepted_at IS NULL AND declined_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_in_order ON invitations (org_id, id);

CREATE TABLE workspaces (
  id UUID PRIMARY KEY,
  org_id UUID NOT NULL REFERENCES organizations (id),
  -- Unique in the installation, never changed, and kept after deletion: a server still running under a name must
  -- not become another organization's.
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  description TEXT NOT NULL,
  server_url TEXT,
  -- The address in the form in which addresses are compared.
  server_url_folded TEXT,
  version TEXT,
  -- With which tokens for it are signed.
  token_algorithm TEXT NOT NULL DEFAULT 'EdDSA' CHECK (token_algorithm IN ('EdDSA', 'ES256', 'RS256')),
  -- How people sign in to it with Reeve: where they may be sent back to, an address a line, and where it is told that a
  -- session is over.
  redirect_uris TEXT NOT NULL DEFAULT '',
  logout_uri TEXT,
  created_by UUID REFERENCES users (id),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  reported_at BIGINT,
  last_seen_at BIGINT,
  deactivated_at BIGINT,
  deleted_at BIGINT
);
CREATE INDEX workspaces_in_order ON workspaces (org_id, name);
CREATE INDEX workspaces_by_url ON workspaces (server_url_folded);

CREATE TABLE workspace_credentials (
  id UUID PRIMARY KEY,
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  secret_sha256 BYTEA NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX workspace_credentials_by_workspace ON workspace_credentials (workspace_id);

-- Teams: people who hold roles together.
CREATE TABLE teams (
  id UUID PRIMARY KEY,
  org_id UUID NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  -- Lower-cased name: unique, and the order of the list.
  sort_name TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (org_id, sort_name)
);

-- Exactly one of person and open invitation; an accepted invitation becomes the person.
CREATE TABLE team_members (
  team_id UUID NOT NULL REFERENCES teams (id),
  user_id UUID REFERENCES users (id),
  invitation_id UUID REFERENCES invitations (id),
  maintainer BOOLEAN NOT NULL,
  added_at BIGINT NOT NULL,
  CHECK ((user_id IS NULL) <> (invitation_id IS NULL))
);
CREATE UNIQUE INDEX team_members_once ON team_members (team_id, COALESCE(user_id, invitation_id));
CREATE INDEX team_members_by_user ON team_members (user_id);
CREATE INDEX team_members_by_invitation ON team_members (invitation_id);

-- What an account for machines has that a person's has not. It is a member of its organization and of no other.
CREATE TABLE service_accounts (
  user_id UUID PRIMARY KEY REFERENCES users (id),
  org_id UUID NOT NULL REFERENCES organizations (id),
  description TEXT NOT NULL,
  -- Who answers for it: at most one of person and team. Nobody, once they are gone.
  owner_user_id UUID REFERENCES users (id),
  owner_team_id UUID REFERENCES teams (id),
  created_by UUID NOT NULL REFERENCES users (id),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT,
  CHECK (owner_user_id IS NULL OR owner_team_id IS NULL)
);
CREATE INDEX service_accounts_by_org ON service_accounts (org_id, user_id);
CREATE INDEX service_accounts_by_owner ON service_accounts (owner_user_id);
CREATE INDEX service_accounts_by_team ON service_accounts (owner_team_id);

-- What an organization allows of API keys. Without a row: any life, an end or none, and no key shown to workspaces.
CREATE TABLE key_policies (
  org_id UUID PRIMARY KEY REFERENCES organizations (id),
  -- In days; NULL is no limit.
  longest_days BIGINT CHECK (longest_days > 0),
  endless BOOLEAN NOT NULL,
  -- Whether workspaces let in a service account that shows its key itself instead of a token made from it.
  raw_keys BOOLEAN NOT NULL,
  updated_at BIGINT NOT NULL
);

-- Custom roles. Predefined ones are part of the program and have no row.
CREATE TABLE roles (
  id UUID PRIMARY KEY,
  org_id UUID NOT NULL REFERENCES organizations (id),
  level TEXT NOT NULL CHECK (level IN ('organization', 'workspace', 'project')),
  name TEXT NOT NULL,
  -- Lower-cased name: unique, and the order of the list.
  sort_name TEXT NOT NULL,
  description TEXT NOT NULL,
  -- Names of permissions, separated by spaces. One that a later version does not know allows nothing.
  permissions TEXT NOT NULL,
  -- Counts changes, so that of two people changing the role at once, the second is told.
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (org_id, level, sort_name)
);

-- Projects are the workspace's; Reeve knows of them by what the workspace counts, or because it made them there.
CREATE TABLE projects (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id UUID NOT NULL,
  name TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- A role given to one principal: in the organization, in a workspace of it, or in one project of a workspace.
-- A grant on an invitation waits, and moves to the person on acceptance.
CREATE TABLE grants (
  id UUID PRIMARY KEY,
  org_id UUID NOT NULL REFERENCES organizations (id),
  workspace_id UUID REFERENCES workspaces (id),
  project_id UUID,
  user_id UUID REFERENCES users (id),
  team_id UUID REFERENCES teams (id),
  invitation_id UUID REFERENCES invitations (id),
  -- A predefined role by its word, a custom one by its id.
  role TEXT NOT NULL,
  granted_by UUID REFERENCES users (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  CHECK (project_id IS NULL OR workspace_id IS NOT NULL),
  CHECK ((CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN team_id IS NULL THEN 0 ELSE 1 END)
    + (CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END) = 1)
);
-- A role is held once by one principal in one place.
CREATE UNIQUE INDEX grants_once ON grants (org_id, COALESCE(workspace_id, org_id),
  COALESCE(project_id, workspace_id, org_id), COALESCE(user_id, team_id, invitation_id), role);
CREATE INDEX grants_by_user ON grants (user_id, org_id);
CREATE INDEX grants_by_team ON grants (team_id);
CREATE INDEX grants_by_workspace ON grants (workspace_id, project_id);
CREATE INDEX grants_by_invitation ON grants (invitation_id);
CREATE INDEX grants_by_role ON grants (org_id, role);

-- Rights on one resource inside a workspace, given to one person or one team.
CREATE TABLE resource_shares (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  user_id UUID REFERENCES users (id),
  team_id UUID REFERENCES teams (id),
  resource_type TEXT NOT NULL,
  resource_id UUID NOT NULL,
  project_id UUID,
  -- Space-separated actions.
  actions TEXT NOT NULL,
  shared_by UUID NOT NULL REFERENCES users (id),
  updated_at BIGINT NOT NULL,
  CHECK ((user_id IS NULL) <> (team_id IS NULL))
);
CREATE UNIQUE INDEX resource_shares_once
  ON resource_shares (workspace_id, COALESCE(user_id, team_id), resource_type, resource_id);
CREATE INDEX resource_shares_by_resource ON resource_shares (workspace_id, resource_id);
CREATE INDEX resource_shares_by_project ON resource_shares (workspace_id, project_id);
CREATE INDEX resource_shares_by_user ON resource_shares (user_id);
CREATE INDEX resource_shares_by_team ON resource_shares (team_id);

-- How many of a feature the workspaces of an organization may have together.
CREATE TABLE limits (
  org_id UUID NOT NULL REFERENCES organizations (id),
  feature TEXT NOT NULL,
  most BIGINT NOT NULL CHECK (most >= 0),
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, feature)
);

-- What counts against a limit, one row per living resource: a repeated report changes nothing.
CREATE TABLE usage_resources (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  feature TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, feature, resource_id)
);

CREATE TABLE devices (
  id UUID PRIMARY KEY,
  client_id UUID NOT NULL,
  -- What its token is for: workspaces, which get to see it, or administering, where none does.
  purpose TEXT NOT NULL CHECK (purpose IN ('workspaces', 'administering')),
  device_code_sha256 BYTEA NOT NULL UNIQUE,
  user_code_sha256 BYTEA NOT NULL UNIQUE,
  hostname TEXT NOT NULL,
  os TEXT NOT NULL,
  client_version TEXT NOT NULL,
  python_version TEXT NOT NULL,
  ip TEXT NOT NULL,
  poll_interval_s BIGINT NOT NULL,
  last_polled_at BIGINT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  user_id UUID REFERENCES users (id),
  workspace_id UUID REFERENCES workspaces (id),
  trusted BOOLEAN NOT NULL,
  approved_at BIGINT,
  -- When whoever approved it had last proven who they are: what is sensitive is measured from there.
  authenticated_at BIGINT,
  denied_at BIGINT,
  redeemed_at BIGINT,
  token_expires_at BIGINT,
  last_seen_at BIGINT,
  revoked_at BIGINT,
  CHECK (purpose = 'workspaces' OR (workspace_id IS NULL AND (approved_at IS NULL) = (authenticated_at IS NULL)))
);
CREATE INDEX devices_by_user ON devices (user_id, id);

-- Long-lived secrets with which programs act for an account; a person's are called personal access tokens.
CREATE TABLE api_keys (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  secret_sha256 BYTEA NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  -- Counts rotations: a short token belongs to the secret it was made from, and dies with it.
  generation BIGINT NOT NULL,
  -- The secret before the last rotation, and until when it works.
  previous_sha256 BYTEA UNIQUE,
  previous_until BIGINT,
  -- Names of permissions, separated by spaces. NULL is all that the account holds.
  scopes TEXT,
  -- The one workspace it is for, if it is for one.
  workspace_id UUID REFERENCES workspaces (id),
  created_at BIGINT NOT NULL,
  rotated_at BIGINT,
  expires_at BIGINT,
  -- When somebody was told that it will run out.
  warned_at BIGINT,
  last_used_at BIGINT,
  last_used_ip TEXT,
  last_used_agent TEXT,
  disabled_at BIGINT,
  revoked_at BIGINT,
  CHECK ((previous_sha256 IS NULL) = (previous_until IS NULL))
);
CREATE INDEX api_keys_by_user ON api_keys (user_id, id);
CREATE INDEX api_keys_to_warn ON api_keys (expires_at) WHERE warned_at IS NULL AND revoked_at IS NULL;

-- Which tokens of which outside issuers become short tokens of a service account.
CREATE TABLE trust_rules (
  id UUID PRIMARY KEY,
  org_id UUID NOT NULL REFERENCES organizations (id),
  user_id UUID NOT NULL REFERENCES service_accounts (user_id),
  name TEXT NOT NULL,
  -- To the letter, as tokens name it.
  issuer TEXT NOT NULL,
  audience TEXT NOT NULL,
  -- A JSON object: names of claims, and what each has to be.
  claims TEXT NOT NULL,
  enabled BOOLEAN NOT NULL,
  -- Counts changes: a short token belongs to the rule as it was, and dies with that.
  revision BIGINT NOT NULL,
  created_by UUID NOT NULL REFERENCES users (id),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  last_used_at BIGINT,
  deleted_at BIGINT
);
CREATE INDEX trust_rules_by_issuer ON trust_rules (issuer) WHERE deleted_at IS NULL;
CREATE INDEX trust_rules_by_account ON trust_rules (user_id, id);

-- The latest outside tokens a rule was asked about: of each outcome a few. Never a token, and of its claims only those
-- that the rule looks at.
CREATE TABLE trust_attempts (
  id UUID PRIMARY KEY,
  rule_id UUID NOT NULL REFERENCES trust_rules (id),
  at BIGINT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused', 'unproven')),
  reason TEXT NOT NULL,
  -- A JSON object: names of claims, and what each was.
  claims TEXT NOT NULL
);
CREATE INDEX trust_attempts_by_rule ON trust_attempts (rule_id, outcome, id);

-- Outside tokens that were exchanged, by issuer and id, until they run out: each counts once.
CREATE TABLE used_outside_tokens (
  token_sha256 BYTEA PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
CREATE INDEX used_outside_tokens_by_expiry ON used_outside_tokens (expires_at);

-- Short tokens of the token endpoint. Each hangs on the credential it was made from and dies with it.
CREATE TABLE access_tokens (
  id UUID PRIMARY KEY,
  secret_sha256 BYTEA NOT NULL UNIQUE,
  user_id UUID REFERENCES users (id),
  workspace_id UUID REFERENCES workspaces (id),
  device_id UUID REFERENCES devices (id),
  api_key_id UUID REFERENCES api_keys (id),
  api_key_generation BIGINT,
  credential_id UUID REFERENCES workspace_credentials (id),
  session_id UUID REFERENCES sessions (id),
  trust_rule_id UUID REFERENCES trust_rules (id),
  trust_rule_revision BIGINT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  CHECK ((user_id IS NULL) = (credential_id IS NOT NULL)),
  CHECK ((api_key_id IS NULL) = (api_key_generation IS NULL)),
  CHECK ((trust_rule_id IS NULL) = (trust_rule_revision IS NULL)),
  -- Of a workspace are its own tokens, and those with which a session enters that one workspace.
  CHECK ((workspace_id IS NULL) = (credential_id IS NULL AND session_id IS NULL))
);
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

-- Keys that sign tokens. What one is good for follows from its instants: it is published before it signs, and
-- verifies until the last token it signed is over.
CREATE TABLE signing_keys (
  id UUID PRIMARY KEY,
  algorithm TEXT NOT NULL CHECK (algorithm IN ('EdDSA', 'ES256', 'RS256')),
  public_jwk TEXT NOT NULL,
  private_sealed BYTEA NOT NULL,
  published_at BIGINT NOT NULL,
  signs_from BIGINT NOT NULL,
  -- NULL while no other key follows it.
  signs_until BIGINT,
  verifies_until BIGINT,
  CHECK ((signs_until IS NULL) = (verifies_until IS NULL))
);
-- One key of an algorithm has no successor, so that two processes never make two.
CREATE UNIQUE INDEX signing_keys_last ON signing_keys (algorithm) WHERE signs_until IS NULL;

-- Signed tokens that were revoked before their end, until that end.
CREATE TABLE revoked_tokens (
  id UUID PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);

-- Authorization codes. The minute one is good for is looked at when it is used; it stays for longer, so that showing it a
-- second time is noticed while what it was exchanged for lives.
CREATE TABLE authorization_codes (
  secret_sha256 BYTEA PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES sessions (id),
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  redirect_uri TEXT NOT NULL,
  code_challenge TEXT NOT NULL,
  nonce TEXT,
  authenticated_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  -- What it was exchanged for.
  access_token_id UUID
);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

-- Where a session was used to sign in with Reeve: workspaces that are told of its end.
CREATE TABLE workspace_sign_ins (
  -- What the workspace knows the session by.
  id UUID PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES sessions (id),
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  signed_in_at BIGINT NOT NULL,
  -- When to tell it next; NULL while the session lives.
  due_at BIGINT,
  locked_until BIGINT,
  attempts BIGINT NOT NULL DEFAULT 0,
  UNIQUE (session_id, workspace_id)
);
CREATE INDEX workspace_sign_ins_due ON workspace_sign_ins (due_at) WHERE due_at IS NOT NULL;

-- Jobs written in the transaction that causes them.
CREATE TABLE outbox (
  id UUID PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('mail')),
  -- What the job is about, for showing its state there.
  about_kind TEXT,
  about_id UUID,
  -- Emptied once the job is done: a mail holds a link.
  payload_sealed BYTEA,
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  locked_until BIGINT,
  attempts BIGINT NOT NULL,
  last_error TEXT,
  done_at BIGINT,
  parked_at BIGINT
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE done_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_by_subject ON outbox (about_id, id);

-- Counters against guessing and flooding, shared by all replicas.
CREATE TABLE throttles (
  key_sha256 BYTEA PRIMARY KEY,
  window_ends_at BIGINT NOT NULL,
  hits BIGINT NOT NULL
);

CREATE TABLE audit_entries (
  id UUID PRIMARY KEY,
  org_id UUID,
  at BIGINT NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id UUID,
  actor_name TEXT NOT NULL,
  target_kind TEXT,
  target_id UUID,
  target_name TEXT,
  before TEXT,
  after TEXT,
  ip TEXT,
  user_agent TEXT,
  request_id TEXT NOT NULL
);
CREATE INDEX audit_entries_in_order ON audit_entries (org_id, id);
CREATE INDEX audit_entries_by_action ON audit_entries (org_id, action, id);
CREATE INDEX audit_entries_by_actor ON audit_entries (org_id, actor_id, id);
CREATE INDEX audit_entries_by_target ON audit_entries (org_id, target_id, id);

-- The log is written once.
CREATE FUNCTION audit_entries_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries cannot be changed or deleted';
END;
$$;
CREATE TRIGGER audit_entries_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_are_final();
