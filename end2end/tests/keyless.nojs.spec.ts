import { expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

test('a trust rule is made from a preset, changed, switched off and deleted without JavaScript', async ({ reeve, owner, world }) => {
  const account = await serverFunction<string>(owner.request, reeve.url, 'service_accounts/create', {
    org: world.org,
    name: 'plain-keyless',
    role: 'organization-member',
  });
  await owner.goto(`/organizations/${world.org}/service-accounts/${account}/trust`);
  await owner.getByRole('navigation', { name: 'Issuers' }).getByRole('link', { name: 'Kubernetes' }).click();
  await owner.getByLabel('Name', { exact: true }).fill('Cluster');
  await owner.getByLabel('Issuer of the cluster').fill('http://oidc.acme.test');
  await owner.getByLabel('Namespace').fill('ml');
  await owner.getByLabel('Service account', { exact: true }).fill('trainer');
  await owner.getByRole('button', { name: 'Make rule' }).click();
  await expect(owner.getByLabel('Issuer of the cluster')).toHaveAttribute('aria-invalid', 'true');
  await owner.getByLabel('Name', { exact: true }).fill('Cluster');
  await owner.getByLabel('Issuer of the cluster').fill('https://oidc.acme.test');
  await owner.getByLabel('Namespace').fill('ml');
  await owner.getByLabel('Service account', { exact: true }).fill('trainer');
  await owner.getByRole('button', { name: 'Make rule' }).click();
  const rule = owner.getByRole('region', { name: 'Cluster', exact: true });
  await expect(rule).toContainText('sub = system:serviceaccount:ml:trainer');
  await rule.getByText('What to write into the workflow').click();
  await expect(rule).toContainText('serviceAccountName: trainer');

  await rule.getByRole('link', { name: 'Change' }).click();
  await expect(owner.getByLabel('Claims')).toHaveValue('sub = system:serviceaccount:ml:trainer');
  await owner.getByLabel('Claims').fill('sub = system:serviceaccount:ml:*');
  await owner.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(rule).toContainText('sub = system:serviceaccount:ml:*');
  await rule.getByRole('button', { name: 'Switch off' }).click();
  await expect(rule).toContainText('Switched off');
  await rule.getByRole('button', { name: 'Delete', exact: true }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Delete rule' }).click();
  await expect(owner.getByText('No rules yet')).toBeVisible();
});
