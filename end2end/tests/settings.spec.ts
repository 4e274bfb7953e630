import { expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

test('who may not change the organization reads its settings, and who may is told of the change', async ({ reeve, owner, join, hydrated, a11y }) => {
  const settings = `/organizations/${reeve.initial!.organization_id}/settings`;
  const viewer = await join('reads-settings@acme.test', 'Rea Reader', { role: 'organization-viewer' });
  await viewer.page.goto(settings);
  await hydrated(viewer.page);
  await expect(viewer.page.getByLabel('Name', { exact: true })).not.toBeEditable();
  await expect(viewer.page.getByLabel('Description')).not.toBeEditable();
  await expect(viewer.page.getByRole('button', { name: 'Save' })).toHaveCount(0);

  await owner.goto(settings);
  await hydrated(owner);
  await owner.getByRole('button', { name: 'Save', exact: true }).click();
  const saved = owner.getByRole('status').filter({ hasText: 'Saved' });
  await expect(saved).toBeVisible();
  // It goes by itself, and not under the check.
  await expect(saved).toHaveCount(0);
  await a11y(owner);
});

test('what an organization allows of keys is set, read by its members, and kept to by the forms', async ({ reeve, owner, join, hydrated, consoleClean, a11y }) => {
  const org = reeve.initial!.organization_id;
  const settings = `/organizations/${org}/settings`;
  const viewer = await join('reads-policy@acme.test', 'Pola Policy', { role: 'organization-viewer' });
  try {
    await owner.goto(settings);
    await hydrated(owner);
    await expect(owner.getByText('A key that is shown to a workspace opens everything there')).toBeHidden();
    await owner.getByLabel('Service accounts may show their keys to workspaces themselves').check();
    await expect(owner.getByText('A key that is shown to a workspace opens everything there')).toBeVisible();
    await a11y(owner);
    await owner.getByLabel('Service accounts may show their keys to workspaces themselves').uncheck();

    consoleClean.allow(/status of 422/);
    await owner.getByLabel('Longest life in days').fill('0');
    await owner.getByRole('button', { name: 'Save policy' }).click();
    await expect(owner.getByLabel('Longest life in days')).toHaveAttribute('aria-invalid', 'true');
    await owner.getByLabel('Longest life in days').fill('30');
    await owner.getByLabel('Keys may have no end').uncheck();
    await owner.getByRole('button', { name: 'Save policy' }).click();
    await expect(owner.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
    await owner.reload();
    await expect(owner.getByLabel('Longest life in days')).toHaveValue('30');
    await expect(owner.getByLabel('Keys may have no end')).not.toBeChecked();

    await viewer.page.goto(settings);
    await hydrated(viewer.page);
    await expect(viewer.page.getByRole('definition').filter({ hasText: /^30 days$/ })).toBeVisible();
    await expect(viewer.page.getByRole('button', { name: 'Save policy' })).toHaveCount(0);
    await a11y(viewer.page);

    await viewer.page.goto('/me/tokens');
    await hydrated(viewer.page);
    await expect(viewer.page.getByLabel('Works for').locator('option')).toHaveText(['30 days', 'Until a day I choose']);
    await expect(viewer.page.getByText('The organization lets keys work for 30 days at most, and wants each to have an end.')).toBeVisible();
    await viewer.page.getByLabel('Name', { exact: true }).fill('too long');
    await viewer.page.getByLabel('Works for').selectOption({ label: 'Until a day I choose' });
    await viewer.page.getByLabel('Last day').fill(new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10));
    await viewer.page.getByRole('button', { name: 'Create token' }).click();
    await expect(viewer.page.getByText('The organization lets keys work for 30 days at most.')).toBeVisible();
  } finally {
    await serverFunction(owner.request, reeve.url, 'api_keys/set_policy', { org, longest_days: '', endless: true });
  }
});
