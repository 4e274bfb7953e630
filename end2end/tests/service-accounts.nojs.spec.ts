import { expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

test('a service account is made, changed, handed over, switched off and deleted without JavaScript', async ({ reeve, owner, join }) => {
  await join('plain-owner@acme.test', 'Olga Plain');
  const org = reeve.initial!.organization_id;
  const list = `/organizations/${org}/service-accounts`;
  await owner.goto(list);
  await owner.getByRole('main').getByRole('link', { name: 'New service account' }).click();
  await owner.getByLabel('Name', { exact: true }).fill('plain-bot');
  await owner.getByLabel('Owner').fill('nobody-knows@acme.test');
  await owner.getByRole('button', { name: 'Make service account' }).click();
  await expect(owner.getByLabel('Owner')).toHaveAttribute('aria-invalid', 'true');
  await owner.getByLabel('Name', { exact: true }).fill('plain-bot');
  await owner.getByLabel('Owner').fill('plain-owner@acme.test');
  await owner.getByRole('button', { name: 'Make service account' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('plain-bot');
  const facts = owner.getByRole('complementary', { name: 'Facts' });
  await expect(facts.getByRole('link', { name: 'Olga Plain' })).toBeVisible();
  const account = new URL(owner.url()).pathname.split('/').at(-1)!;

  // A secret is shown in the page that made it, which takes JavaScript; what is there can be ended without.
  await expect(owner.getByText('A new secret is shown once, in this page, which takes JavaScript.')).toBeVisible();
  await serverFunction(owner.request, reeve.url, 'service_accounts/create_key_secret', { account, name: 'plain', expiry: '30' });
  await owner.reload();
  const row = owner.getByRole('region', { name: 'Keys', exact: true }).getByRole('row', { name: /plain/ });
  await row.getByRole('button', { name: 'Actions for plain' }).click();
  await owner.getByRole('button', { name: 'Switch off' }).click();
  await expect(row).toContainText('Switched off');
  await row.getByRole('button', { name: 'Actions for plain' }).click();
  await owner.getByRole('button', { name: 'Revoke', exact: true }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
  await expect(row).toContainText('Revoked');

  await owner.getByLabel('Description', { exact: true }).fill('Does plain things.');
  await owner.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(owner.getByLabel('Description', { exact: true })).toHaveValue('Does plain things.');
  await owner.getByLabel('New owner').fill('owner@acme.test');
  await owner.getByRole('button', { name: 'Hand over' }).click();
  await expect(facts.getByRole('link', { name: 'Olga Plain' })).toHaveCount(0);
  await owner.getByRole('button', { name: 'Deactivate account' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Deactivate account' }).click();
  await expect(owner.getByText('This account is inactive')).toBeVisible();
  await owner.getByRole('button', { name: 'Delete account' }).click();
  await owner.getByRole('dialog').getByLabel('Type plain-bot to confirm').fill('plain-bot');
  await owner.getByRole('dialog').getByRole('button', { name: 'Delete account' }).click();
  await owner.waitForURL(/\/service-accounts$/);
  await owner.goto(`${list}?q=plain-bot`);
  await expect(owner.getByText('No service account matches')).toBeVisible();
});

test('what is allowed of keys is set without JavaScript', async ({ reeve, owner }) => {
  const org = reeve.initial!.organization_id;
  try {
    await owner.goto(`/organizations/${org}/settings`);
    await owner.getByLabel('Longest life in days').fill('45');
    await owner.getByRole('button', { name: 'Save policy' }).click();
    await expect(owner.getByLabel('Longest life in days')).toHaveValue('45');
    await owner.goto('/me/tokens');
    await expect(owner.getByText('The organization lets a key that has an end work for 45 days at most.')).toBeVisible();
  } finally {
    await serverFunction(owner.request, reeve.url, 'api_keys/set_policy', { org, longest_days: '', endless: true });
  }
});
