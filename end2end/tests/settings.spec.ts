import { expect, test } from '../fixtures/reeve';

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
  await owner.getByRole('button', { name: 'Save' }).click();
  await expect(owner.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  await a11y(owner);
});
