import { AUDIENCE, exchanged, jobToken } from '../fixtures/job';
import { expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

test('a workflow signs in by a rule without a key, and the page says why another may not', async ({ reeve, owner, visitor, world, hydrated, a11y }) => {
  const runner = (await visitor()).request;
  const account = await serverFunction<string>(owner.request, reeve.url, 'service_accounts/create', {
    org: world.org,
    name: 'keyless-bot',
    role: 'organization-member',
  });
  await owner.goto(`/organizations/${world.org}/service-accounts/${account}`);
  await hydrated(owner);
  await owner.getByRole('main').getByRole('link', { name: 'Trust rules' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Trust rules');
  await expect(owner.getByText('No rules yet')).toBeVisible();
  await expect(owner.getByText('No tokens yet')).toBeVisible();
  await a11y(owner);

  await owner.getByRole('navigation', { name: 'Issuers' }).getByRole('link', { name: 'Another issuer' }).click();
  await owner.getByLabel('Name', { exact: true }).fill('Pipelines');
  await owner.getByLabel('Issuer', { exact: true }).fill(reeve.op.issuer);
  await owner.getByLabel('Claims').fill('repository = acme/pipelines\nref = refs/heads/*');
  await owner.getByLabel('Audience').fill(AUDIENCE);
  await a11y(owner);
  await owner.getByRole('button', { name: 'Make rule' }).click();
  const rule = owner.getByRole('region', { name: 'Pipelines', exact: true });
  await expect(rule).toContainText('repository = acme/pipelines');
  await expect(rule).toContainText('Never');

  // What the workflow needs is there to be copied, with this account's id.
  await rule.getByText('What to write into the workflow').click();
  const snippet = rule.getByRole('region');
  await expect(snippet).toContainText(`${reeve.url}/oauth/token`);
  await expect(snippet).toContainText(`client_id=${account}`);
  await expect(rule.getByRole('button', { name: /^Copy/ })).toBeVisible();

  const job = { repository: 'acme/pipelines', ref: 'refs/heads/main', actor: 'nobody-asks-for-this' };
  const token = await jobToken(runner, reeve, job);
  const taken = await exchanged(runner, reeve, account, token);
  expect(taken.status).toBe(200);
  expect(taken.body.access_token).toMatch(/^rvci_/);
  const me = async () => (await runner.get(`${reeve.url}/api/v1/users/me`, { headers: { authorization: `Bearer ${taken.body.access_token}` } })).status();
  expect(await me()).toBe(200);
  expect((await exchanged(runner, reeve, account, token)).status, 'the same token again').toBe(400);
  expect((await exchanged(runner, reeve, account, await jobToken(runner, reeve, { ...job, repository: 'acme/pipelines-evil' }))).status).toBe(400);
  expect((await exchanged(runner, reeve, account, `${await jobToken(runner, reeve, job)}x`)).status, 'a broken signature').toBe(400);

  await owner.reload();
  await hydrated(owner);
  const attempts = owner.locator('#attempts');
  await expect(attempts.getByRole('row', { name: /Taken/ })).toContainText('repository = acme/pipelines');
  await expect(attempts.getByRole('row').filter({ hasText: 'pipelines-evil' })).toContainText(
    'Claim repository is “acme/pipelines-evil”, the rule wants “acme/pipelines”.',
  );
  await expect(attempts).toContainText('The token was exchanged before, and counts once.');
  await expect(attempts.getByRole('row', { name: /Not proven/ })).toHaveCount(1);
  await expect(owner.getByText('nobody-asks-for-this')).toHaveCount(0);
  await a11y(owner);

  await rule.getByRole('link', { name: 'Change' }).click();
  await owner.getByLabel('Claims').fill('repository = acme/pipelines-evil');
  await owner.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(rule).toContainText('repository = acme/pipelines-evil');
  expect(await me(), 'a token of the rule as it was').toBe(401);
  await a11y(owner);
  await rule.getByRole('button', { name: 'Switch off' }).click();
  await expect(rule).toContainText('Switched off');
  await rule.getByRole('button', { name: 'Delete', exact: true }).click();
  await owner.getByRole('dialog', { name: 'Delete Pipelines' }).getByRole('button', { name: 'Delete rule' }).click();
  await expect(owner.getByText('No rules yet')).toBeVisible();
  await expect(owner.getByText('No tokens yet')).toBeVisible();
});

test('presets make rules for GitHub, GitLab and Kubernetes, and name what is missing', async ({ reeve, owner, world, hydrated, consoleClean, a11y }) => {
  const account = await serverFunction<string>(owner.request, reeve.url, 'service_accounts/create', {
    org: world.org,
    name: 'preset-bot',
    role: 'organization-member',
  });
  await owner.goto(`/organizations/${world.org}/service-accounts/${account}/trust`);
  await hydrated(owner);
  consoleClean.allow(/status of 422/);
  const issuers = owner.getByRole('navigation', { name: 'Issuers' });
  const make = owner.getByRole('button', { name: 'Make rule' });
  const region = (name: string) => owner.getByRole('region', { name, exact: true });

  await owner.getByLabel('Repository').fill('pipelines');
  await make.click();
  await expect(owner.getByLabel('Repository')).toHaveAttribute('aria-invalid', 'true');
  await expect(owner.getByText('Write it with its owner, such as acme/pipelines.')).toBeVisible();
  await owner.getByLabel('Repository').fill('acme/pipelines');
  await make.click();
  await expect(region('GitHub Actions')).toContainText('sub = repo:acme/pipelines:ref:refs/heads/main');
  await region('GitHub Actions').getByText('What to write into the workflow').click();
  await expect(region('GitHub Actions')).toContainText('id-token: write');

  // What was typed into one form is not in the next.
  await owner.getByLabel('Repository').fill('acme/typed');
  await issuers.getByRole('link', { name: 'GitLab CI' }).click();
  await expect(owner.getByLabel('Project')).toHaveValue('');
  await expect(owner.getByLabel('Address of GitLab')).toHaveValue('');
  await owner.getByLabel('Project').fill('acme/ml/pipelines');
  await make.click();
  await expect(region('GitLab CI')).toContainText('ref_protected = true');
  await region('GitLab CI').getByText('What to write into the workflow').click();
  await expect(region('GitLab CI')).toContainText('id_tokens:');

  await issuers.getByRole('link', { name: 'Kubernetes' }).click();
  await owner.getByLabel('Issuer of the cluster').fill('https://oidc.acme.test');
  await owner.getByLabel('Namespace').fill('ml');
  await owner.getByLabel('Service account', { exact: true }).fill('trainer');
  await make.click();
  await expect(region('Kubernetes')).toContainText('sub = system:serviceaccount:ml:trainer');
  await region('Kubernetes').getByText('What to write into the workflow').click();
  await expect(region('Kubernetes')).toContainText('serviceAccountToken:');
  await a11y(owner);
});
