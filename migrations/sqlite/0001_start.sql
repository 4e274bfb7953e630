-- Everything from the first organization to a ZenML server inside it.
-- Instants are Unix milliseconds, bound by the application: no database clock takes part in any decision.
-- `*_sha256` are digests of 256-bit random secrets, so a dump holds nothing that can be presented.
-- `*_sealed` are encrypted with a data key, whose id they begin with, and bound to table, column and row.

-- One row. The latch for first-run setup: once an organization has existed, setup stays closed, even if it is deleted.
CREATE TABLE installation (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  created_at INTEGER NOT NULL,
  home_org_id BLOB,
  setup_completed_at INTEGER
) STRICT;

-- Keys that seal, each encrypted with the installation's secret key. One of them is in use; the others only open, until
-- a rotation has moved everything off them. Who seals holds the row of the key in use, so that a retired key gets no
-- new values.
CREATE TABLE data_keys (
  id BLOB PRIMARY KEY,
  key_wrapped BLOB NOT NULL,
  -- Tells which secret key it is encrypted with, and nothing else about that one.
  kek_fingerprint TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE UNIQUE INDEX data_keys_in_use ON data_keys ((retired_at IS NULL)) WHERE retired_at IS NULL;

CREATE TABLE organizations (
  id BLOB PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  description TEXT NOT NULL,
  -- Counts changes of roles, memberships, grants and shares; whoever caches a decision compares it first.
  policy_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- Names inside workspaces. A ZenML server merges accounts of equal name, so a name is never given twice,
-- not even after its owner is gone: rows are only ever added.
CREATE TABLE usernames (
  kind TEXT NOT NULL CHECK (kind IN ('user', 'service_account')),
  folded TEXT NOT NULL,
  owner_id BLOB NOT NULL,
  taken_at INTEGER NOT NULL,
  PRIMARY KEY (kind, folded)
) STRICT;

-- Accounts: of people, and for machines.
CREATE TABLE users (
  id BLOB PRIMARY KEY,
  username TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL,
  is_service_account INTEGER NOT NULL CHECK (is_service_account IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  deactivated_at INTEGER
) STRICT;
-- Not unique on purpose: an address is contact data, never an identity.
CREATE INDEX users_by_email ON users (email_folded);

-- A person is (issuer, subject). Mailboxes are identities of the issuer 'urn:reeve:mailbox'.
CREATE TABLE identities (
  id BLOB PRIMARY KEY,
  user_id BLOB NOT NULL REFERENCES users (id),
  connection_id BLOB,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- A mailbox is proven once a mailed link was opened; only then does it open sessions by itself.
  verified_at INTEGER,
  last_used_at INTEGER,
  UNIQUE (issuer, subject)
) STRICT;
CREATE INDEX identities_by_user ON identities (user_id);
CREATE INDEX identities_by_connection ON identities (connection_id);

CREATE TABLE memberships (
  org_id BLOB NOT NULL REFERENCES organizations (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  role TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  -- Since when nothing of theirs opens this organization, if so. What they hold in it stays.
  locked_at INTEGER,
  -- Lower-cased name, and name, address and username together: for the order of the members list and its search.
  sort_name TEXT NOT NULL,
  search_text TEXT NOT NULL,
  PRIMARY KEY (org_id, user_id)
) STRICT;
CREATE INDEX memberships_by_user ON memberships (user_id);
-- The search text is in both, so that a search reads the index alone: thirty times less than the rows.
CREATE INDEX memberships_in_order ON memberships (org_id, sort_name, user_id, search_text);
CREATE INDEX memberships_by_role ON memberships (org_id, role, sort_name, user_id, search_text);

CREATE TABLE connections (
  id BLOB PRIMARY KEY,
  org_id BLOB REFERENCES organizations (id),
  label TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_secret_sealed BLOB,
  from_file INTEGER NOT NULL CHECK (from_file IN (0, 1)),
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (issuer, client_id)
) STRICT;

-- One attempt to sign in through a provider, from the redirect to the callback.
CREATE TABLE sign_in_attempts (
  id BLOB PRIMARY KEY,
  connection_id BLOB NOT NULL,
  state_sha256 BLOB NOT NULL UNIQUE,
  -- Digest of the cookie of the browser that began: another browser cannot finish.
  browser_sha256 BLOB NOT NULL,
  -- Nonce and PKCE verifier.
  secrets_sealed BLOB NOT NULL,
  next TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  consumed_at INTEGER
) STRICT;
CREATE INDEX sign_in_attempts_by_expiry ON sign_in_attempts (expires_at);

CREATE TABLE one_time_links (
  id BLOB PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('setup', 'sign_in')),
  secret_sha256 BLOB NOT NULL UNIQUE,
  identity_id BLOB REFERENCES identities (id),
  next TEXT,
  -- Whether the link travels by mail, so that opening it proves the mailbox.
  mailed INTEGER NOT NULL CHECK (mailed IN (0, 1)),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  CHECK ((kind = 'sign_in') = (identity_id IS NOT NULL))
) STRICT;
CREATE INDEX one_time_links_by_expiry ON one_time_links (expires_at);

CREATE TABLE sessions (
  id BLOB PRIMARY KEY,
  user_id BLOB NOT NULL REFERENCES users (id),
  identity_id BLOB NOT NULL REFERENCES identities (id),
  secret_sha256 BLOB NOT NULL UNIQUE,
  method TEXT NOT NULL,
  ip TEXT,
  user_agent TEXT,
  created_at INTEGER NOT NULL,
  -- When the person last proved who they are: what is sensitive asks for it again after a while.
  authenticated_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

CREATE TABLE invitations (
  id BLOB PRIMARY KEY,
  org_id BLOB NOT NULL REFERENCES organizations (id),
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL,
  role TEXT NOT NULL,
  invited_by BLOB NOT NULL REFERENCES users (id),
  -- Two links: the mailed one proves the mailbox, the one an administrator copied does not.
  mailed_sha256 BLOB UNIQUE,
  copied_sha256 BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_at INTEGER,
  accepted_by BLOB REFERENCES users (id),
  declined_at INTEGER,
  revoked_at INTEGER
) STRICT;
-- One open invitation per address and organization. Closed ones stay as history.
CREATE UNIQUE INDEX invitations_open ON invitations (org_id, email_folded)
  WHERE accepted_at IS NULL AND declined_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_in_order ON invitations (org_id, id);

CREATE TABLE workspaces (
  id BLOB PRIMARY KEY,
  org_id BLOB NOT NULL REFERENCES organizations (id),
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
  created_by BLOB REFERENCES users (id),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  reported_at INTEGER,
  last_seen_at INTEGER,
  deactivated_at INTEGER,
  deleted_at INTEGER
) STRICT;
CREATE INDEX workspaces_in_order ON workspaces (org_id, name);
CREATE INDEX workspaces_by_url ON workspaces (server_url_folded);

CREATE TABLE workspace_credentials (
  id BLOB PRIMARY KEY,
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  secret_sha256 BLOB NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE INDEX workspace_credentials_by_workspace ON workspace_credentials (workspace_id);

-- Teams: people who hold roles together.
CREATE TABLE teams (
  id BLOB PRIMARY KEY,
  org_id BLOB NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  -- Lower-cased name: unique, and the order of the list.
  sort_name TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (org_id, sort_name)
) STRICT;

-- Exactly one of person and open invitation; an accepted invitation becomes the person.
CREATE TABLE team_members (
  team_id BLOB NOT NULL REFERENCES teams (id),
  user_id BLOB REFERENCES users (id),
  invitation_id BLOB REFERENCES invitations (id),
  maintainer INTEGER NOT NULL CHECK (maintainer IN (0, 1)),
  added_at INTEGER NOT NULL,
  CHECK ((user_id IS NULL) <> (invitation_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX team_members_once ON team_members (team_id, COALESCE(user_id, invitation_id));
CREATE INDEX team_members_by_user ON team_members (user_id);
CREATE INDEX team_members_by_invitation ON team_members (invitation_id);

-- What an account for machines has that a person's has not. It is a member of its organization and of no other.
CREATE TABLE service_accounts (
  user_id BLOB PRIMARY KEY REFERENCES users (id),
  org_id BLOB NOT NULL REFERENCES organizations (id),
  description TEXT NOT NULL,
  -- Who answers for it: at most one of person and team. Nobody, once they are gone.
  owner_user_id BLOB REFERENCES users (id),
  owner_team_id BLOB REFERENCES teams (id),
  created_by BLOB NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  CHECK (owner_user_id IS NULL OR owner_team_id IS NULL)
) STRICT;
CREATE INDEX service_accounts_by_org ON service_accounts (org_id, user_id);
CREATE INDEX service_accounts_by_owner ON service_accounts (owner_user_id);
CREATE INDEX service_accounts_by_team ON service_accounts (owner_team_id);

-- What an organization allows of API keys. Without a row: any life, an end or none, and no key shown to workspaces.
CREATE TABLE key_policies (
  org_id BLOB PRIMARY KEY REFERENCES organizations (id),
  -- In days; NULL is no limit.
  longest_days INTEGER CHECK (longest_days > 0),
  endless INTEGER NOT NULL CHECK (endless IN (0, 1)),
  -- Whether workspaces let in a service account that shows its key itself instead of a token made from it.
  raw_keys INTEGER NOT NULL CHECK (raw_keys IN (0, 1)),
  updated_at INTEGER NOT NULL
) STRICT;

-- Custom roles. Predefined ones are part of the program and have no row.
CREATE TABLE roles (
  id BLOB PRIMARY KEY,
  org_id BLOB NOT NULL REFERENCES organizations (id),
  level TEXT NOT NULL CHECK (level IN ('organization', 'workspace', 'project')),
  name TEXT NOT NULL,
  -- Lower-cased name: unique, and the order of the list.
  sort_name TEXT NOT NULL,
  description TEXT NOT NULL,
  -- Names of permissions, separated by spaces. One that a later version does not know allows nothing.
  permissions TEXT NOT NULL,
  -- Counts changes, so that of two people changing the role at once, the second is told.
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (org_id, level, sort_name)
) STRICT;

-- Projects are the workspace's; Reeve knows of them by what the workspace counts, or because it made them there.
CREATE TABLE projects (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id BLOB NOT NULL,
  name TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT;

-- A role given to one principal: in the organization, in a workspace of it, or in one project of a workspace.
-- A grant on an invitation waits, and moves to the person on acceptance.
CREATE TABLE grants (
  id BLOB PRIMARY KEY,
  org_id BLOB NOT NULL REFERENCES organizations (id),
  workspace_id BLOB REFERENCES workspaces (id),
  project_id BLOB,
  user_id BLOB REFERENCES users (id),
  team_id BLOB REFERENCES teams (id),
  invitation_id BLOB REFERENCES invitations (id),
  -- A predefined role by its word, a custom one by its id.
  role TEXT NOT NULL,
  granted_by BLOB REFERENCES users (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  CHECK (project_id IS NULL OR workspace_id IS NOT NULL),
  CHECK ((CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN team_id IS NULL THEN 0 ELSE 1 END)
    + (CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END) = 1)
) STRICT;
-- A role is held once by one principal in one place.
CREATE UNIQUE INDEX grants_once ON grants (org_id, COALESCE(workspace_id, org_id),
  COALESCE(project_id, workspace_id, org_id), COALESCE(user_id, team_id, invitation_id), role);
CREATE INDEX grants_by_user ON grants (user_id, org_id);
CREATE INDEX grants_by_team ON grants (team_id);
CREATE INDEX grants_by_workspace ON grants (workspace_id, project_id);
CREATE INDEX grants_by_invitation ON grants (invitation_id);
CREATE INDEX grants_by_role ON grants (org_id, role);
-- Everything that decides, side by side: read from the rows, which are everywhere, it takes twice as long.
CREATE INDEX grants_to_decide ON grants (org_id, invitation_id, workspace_id, project_id, user_id, team_id, role,
  expires_at, id);

-- Rights on one resource inside a workspace, given to one person or one team.
CREATE TABLE resource_shares (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  user_id BLOB REFERENCES users (id),
  team_id BLOB REFERENCES teams (id),
  resource_type TEXT NOT NULL,
  resource_id BLOB NOT NULL,
  project_id BLOB,
  -- Space-separated actions.
  actions TEXT NOT NULL,
  shared_by BLOB NOT NULL REFERENCES users (id),
  updated_at INTEGER NOT NULL,
  CHECK ((user_id IS NULL) <> (team_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX resource_shares_once
  ON resource_shares (workspace_id, COALESCE(user_id, team_id), resource_type, resource_id);
CREATE INDEX resource_shares_by_resource ON resource_shares (workspace_id, resource_id);
CREATE INDEX resource_shares_by_project ON resource_shares (workspace_id, project_id);
CREATE INDEX resource_shares_by_user ON resource_shares (user_id);
CREATE INDEX resource_shares_by_team ON resource_shares (team_id);
-- As for grants.
CREATE INDEX resource_shares_to_decide ON resource_shares (workspace_id, user_id, team_id, resource_type, resource_id,
  project_id, actions);

-- How many of a feature the workspaces of an organization may have together.
CREATE TABLE limits (
  org_id BLOB NOT NULL REFERENCES organizations (id),
  feature TEXT NOT NULL,
  most INTEGER NOT NULL CHECK (most >= 0),
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, feature)
) STRICT;

-- What counts against a limit, one row per living resource: a repeated report changes nothing.
CREATE TABLE usage_resources (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  feature TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, feature, resource_id)
) STRICT;

CREATE TABLE devices (
  id BLOB PRIMARY KEY,
  client_id BLOB NOT NULL,
  -- What its token is for: workspaces, which get to see it, or administering, where none does.
  purpose TEXT NOT NULL CHECK (purpose IN ('workspaces', 'administering')),
  device_code_sha256 BLOB NOT NULL UNIQUE,
  user_code_sha256 BLOB NOT NULL UNIQUE,
  hostname TEXT NOT NULL,
  os TEXT NOT NULL,
  client_version TEXT NOT NULL,
  python_version TEXT NOT NULL,
  ip TEXT NOT NULL,
  poll_interval_s INTEGER NOT NULL,
  last_polled_at INTEGER,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  user_id BLOB REFERENCES users (id),
  workspace_id BLOB REFERENCES workspaces (id),
  trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
  approved_at INTEGER,
  -- When whoever approved it had last proven who they are: what is sensitive is measured from there.
  authenticated_at INTEGER,
  denied_at INTEGER,
  redeemed_at INTEGER,
  token_expires_at INTEGER,
  last_seen_at INTEGER,
  revoked_at INTEGER,
  CHECK (purpose = 'workspaces' OR (workspace_id IS NULL AND (approved_at IS NULL) = (authenticated_at IS NULL)))
) STRICT;
CREATE INDEX devices_by_user ON devices (user_id, id);

-- Long-lived secrets with which programs act for an account; a person's are called personal access tokens.
CREATE TABLE api_keys (
  id BLOB PRIMARY KEY,
  user_id BLOB NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  secret_sha256 BLOB NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  -- Counts rotations: a short token belongs to the secret it was made from, and dies with it.
  generation INTEGER NOT NULL,
  -- The secret before the last rotation, and until when it works.
  previous_sha256 BLOB UNIQUE,
  previous_until INTEGER,
  -- Names of permissions, separated by spaces. NULL is all that the account holds.
  scopes TEXT,
  -- The one workspace it is for, if it is for one.
  workspace_id BLOB REFERENCES workspaces (id),
  created_at INTEGER NOT NULL,
  rotated_at INTEGER,
  expires_at INTEGER,
  -- When somebody was told that it will run out.
  warned_at INTEGER,
  last_used_at INTEGER,
  last_used_ip TEXT,
  last_used_agent TEXT,
  disabled_at INTEGER,
  revoked_at INTEGER,
  CHECK ((previous_sha256 IS NULL) = (previous_until IS NULL))
) STRICT;
CREATE INDEX api_keys_by_user ON api_keys (user_id, id);
CREATE INDEX api_keys_to_warn ON api_keys (expires_at) WHERE warned_at IS NULL AND revoked_at IS NULL;

-- Which tokens of which outside issuers become short tokens of a service account.
CREATE TABLE trust_rules (
  id BLOB PRIMARY KEY,
  org_id BLOB NOT NULL REFERENCES organizations (id),
  user_id BLOB NOT NULL REFERENCES service_accounts (user_id),
  name TEXT NOT NULL,
  -- To the letter, as tokens name it.
  issuer TEXT NOT NULL,
  audience TEXT NOT NULL,
  -- A JSON object: names of claims, and what each has to be.
  claims TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  -- Counts changes: a short token belongs to the rule as it was, and dies with that.
  revision INTEGER NOT NULL,
  created_by BLOB NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_used_at INTEGER,
  deleted_at INTEGER
) STRICT;
CREATE INDEX trust_rules_by_issuer ON trust_rules (issuer) WHERE deleted_at IS NULL;
CREATE INDEX trust_rules_by_account ON trust_rules (user_id, id);

-- The latest outside tokens a rule was asked about: of each outcome a few. Never a token, and of its claims only those
-- that the rule looks at.
CREATE TABLE trust_attempts (
  id BLOB PRIMARY KEY,
  rule_id BLOB NOT NULL REFERENCES trust_rules (id),
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused', 'unproven')),
  reason TEXT NOT NULL,
  -- A JSON object: names of claims, and what each was.
  claims TEXT NOT NULL
) STRICT;
CREATE INDEX trust_attempts_by_rule ON trust_attempts (rule_id, outcome, id);

-- Outside tokens that were exchanged, by issuer and id, until they run out: each counts once.
CREATE TABLE used_outside_tokens (
  token_sha256 BLOB PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX used_outside_tokens_by_expiry ON used_outside_tokens (expires_at);

-- Short tokens of the token endpoint. Each hangs on the credential it was made from and dies with it.
CREATE TABLE access_tokens (
  id BLOB PRIMARY KEY,
  secret_sha256 BLOB NOT NULL UNIQUE,
  user_id BLOB REFERENCES users (id),
  workspace_id BLOB REFERENCES workspaces (id),
  device_id BLOB REFERENCES devices (id),
  api_key_id BLOB REFERENCES api_keys (id),
  api_key_generation INTEGER,
  credential_id BLOB REFERENCES workspace_credentials (id),
  session_id BLOB REFERENCES sessions (id),
  trust_rule_id BLOB REFERENCES trust_rules (id),
  trust_rule_revision INTEGER,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  CHECK ((user_id IS NULL) = (credential_id IS NOT NULL)),
  CHECK ((api_key_id IS NULL) = (api_key_generation IS NULL)),
  CHECK ((trust_rule_id IS NULL) = (trust_rule_revision IS NULL)),
  -- Of a workspace are its own tokens, and those with which a session enters that one workspace.
  CHECK ((workspace_id IS NULL) = (credential_id IS NULL AND session_id IS NULL))
) STRICT;
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

-- Keys that sign tokens. What one is good for follows from its instants: it is published before it signs, and
-- verifies until the last token it signed is over.
CREATE TABLE signing_keys (
  id BLOB PRIMARY KEY,
  algorithm TEXT NOT NULL CHECK (algorithm IN ('EdDSA', 'ES256', 'RS256')),
  public_jwk TEXT NOT NULL,
  private_sealed BLOB NOT NULL,
  published_at INTEGER NOT NULL,
  signs_from INTEGER NOT NULL,
  -- NULL while no other key follows it.
  signs_until INTEGER,
  verifies_until INTEGER,
  CHECK ((signs_until IS NULL) = (verifies_until IS NULL))
) STRICT;
-- One key of an algorithm has no successor, so that two processes never make two.
CREATE UNIQUE INDEX signing_keys_last ON signing_keys (algorithm) WHERE signs_until IS NULL;

-- Signed tokens that were revoked before their end, until that end.
CREATE TABLE revoked_tokens (
  id BLOB PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);

-- Authorization codes. The minute one is good for is looked at when it is used; it stays for longer, so that showing it a
-- second time is noticed while what it was exchanged for lives.
CREATE TABLE authorization_codes (
  secret_sha256 BLOB PRIMARY KEY,
  session_id BLOB NOT NULL REFERENCES sessions (id),
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  redirect_uri TEXT NOT NULL,
  code_challenge TEXT NOT NULL,
  nonce TEXT,
  authenticated_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- What it was exchanged for.
  access_token_id BLOB
) STRICT;
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

-- Where a session was used to sign in with Reeve: workspaces that are told of its end.
CREATE TABLE workspace_sign_ins (
  -- What the workspace knows the session by.
  id BLOB PRIMARY KEY,
  session_id BLOB NOT NULL REFERENCES sessions (id),
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  signed_in_at INTEGER NOT NULL,
  -- When to tell it next; NULL while the session lives.
  due_at INTEGER,
  locked_until INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  UNIQUE (session_id, workspace_id)
) STRICT;
CREATE INDEX workspace_sign_ins_due ON workspace_sign_ins (due_at) WHERE due_at IS NOT NULL;

-- Jobs written in the transaction that causes them.
CREATE TABLE outbox (
  id BLOB PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('mail')),
  -- What the job is about, for showing its state there.
  about_kind TEXT,
  about_id BLOB,
  -- Emptied once the job is done: a mail holds a link.
  payload_sealed BLOB,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  locked_until INTEGER,
  attempts INTEGER NOT NULL,
  last_error TEXT,
  done_at INTEGER,
  parked_at INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE done_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_by_subject ON outbox (about_id, id);

-- Counters against guessing and flooding, shared by all replicas.
CREATE TABLE throttles (
  key_sha256 BLOB PRIMARY KEY,
  window_ends_at INTEGER NOT NULL,
  hits INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_entries (
  id BLOB PRIMARY KEY,
  org_id BLOB,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BLOB,
  actor_name TEXT NOT NULL,
  target_kind TEXT,
  target_id BLOB,
  target_name TEXT,
  before TEXT,
  after TEXT,
  ip TEXT,
  user_agent TEXT,
  request_id TEXT NOT NULL
) STRICT;
CREATE INDEX audit_entries_in_order ON audit_entries (org_id, id);
CREATE INDEX audit_entries_by_action ON audit_entries (org_id, action, id);
CREATE INDEX audit_entries_by_actor ON audit_entries (org_id, actor_id, id);
CREATE INDEX audit_entries_by_target ON audit_entries (org_id, target_id, id);

-- The log is written once.
CREATE TRIGGER audit_entries_are_final BEFORE UPDATE ON audit_entries
BEGIN
  SELECT RAISE(ABORT, 'audit entries cannot be changed');
END;
CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries
BEGIN
  SELECT RAISE(ABORT, 'audit entries cannot be deleted');
END;
