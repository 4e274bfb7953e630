import { expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';
import { typeTheName } from '../fixtures/confirm';

test('somebody is locked, unlocked and offboarded without JavaScript, and what changed meanwhile is shown', async ({ reeve, owner, join }) => {
  const org = reeve.initial!.organization_id;
  const person = await join('plain-goes@acme.test', 'Pia Goes');
  await join('plain-stays@acme.test', 'Pat Stays');
  await serverFunction(owner.request, reeve.url, 'service_accounts/create', { org, name: 'plain-goes-on', role: 'organization-member', owner: 'plain-goes@acme.test' });
  await owner.goto(`/organizations/${org}/members/${person.id}`);
  await owner.getByRole('link', { name: 'Lock or offboard' }).click();
  await owner.getByRole('button', { name: 'Lock at once' }).click();
  await owner.getByRole('button', { name: 'Unlock' }).click();
  await expect(owner.getByRole('button', { name: 'Lock at once' })).toBeVisible();

  await serverFunction(owner.request, reeve.url, 'grants/add_in_org', { org, who: 'plain-goes@acme.test', role: 'billing-admin' });
  await owner.getByLabel('Successor').fill('plain-stays@acme.test');
  await typeTheName(owner);
  await owner.getByRole('button', { name: 'Offboard', exact: true }).click();
  await expect(owner.getByText('This changed since you looked: roles (0 before, 1 now).')).toBeVisible();
  await expect(owner.locator('#grants')).toContainText('Billing Admin');
  await expect(owner.locator('#grants')).toContainText('Changed since you looked');

  await owner.getByLabel('Successor').fill('plain-stays@acme.test');
  await typeTheName(owner);
  await owner.getByRole('button', { name: 'Offboard', exact: true }).click();
  await owner.waitForURL(/\/members$/);
  await owner.goto(`/organizations/${org}/members?q=plain-goes@acme`);
  await expect(owner.getByText('Nobody matches')).toBeVisible();
});
