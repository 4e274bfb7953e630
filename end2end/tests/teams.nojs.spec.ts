import { expect, test } from '../fixtures/reeve';

test('a team is made, filled, given roles and emptied without JavaScript', async ({ reeve, owner, join, world }) => {
  await join('plain-team@acme.test', 'Pam Plain');
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await owner.goto(`${org}/teams`);
  await owner.getByRole('link', { name: 'New team' }).click();
  await owner.getByLabel('Name', { exact: true }).fill('Furnishers');
  await owner.getByRole('button', { name: 'Make team' }).click();
  // Back on the form, with the reason at its field: there is a team of this name.
  await expect(owner.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await owner.getByLabel('Name', { exact: true }).fill('Plain team');
  await owner.getByRole('button', { name: 'Make team' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Plain team');

  await owner.getByLabel('Member', { exact: true }).fill('nobody-knows@acme.test');
  await owner.getByRole('button', { name: 'Add to the team' }).click();
  await expect(owner.getByLabel('Member', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await owner.getByLabel('Member', { exact: true }).fill('plain-team@acme.test');
  await owner.getByRole('button', { name: 'Add to the team' }).click();
  const row = owner.getByRole('region', { name: 'Members of the team' }).getByRole('row', { name: /Pam Plain/ });
  await expect(row).toContainText('Member');
  await row.getByRole('button', { name: 'Actions for Pam Plain' }).click();
  await owner.getByRole('button', { name: 'Make maintainer' }).click();
  await expect(row).toContainText('Maintainer');

  await owner.getByLabel('Role in the organization').selectOption({ label: 'Billing Admin' });
  await owner.getByRole('button', { name: 'Give role' }).click();
  const held = owner.getByRole('region', { name: 'Roles of the team' });
  await expect(held.getByRole('row', { name: /Billing Admin/ })).toBeVisible();
  await owner.goto(`/workspaces/${world.workspace}`);
  await owner.getByLabel('Person or team').fill('Plain team');
  await owner.getByLabel('Role', { exact: true }).selectOption({ label: 'Workspace Viewer' });
  await owner.getByRole('button', { name: 'Give role' }).click();
  const given = owner.getByRole('region', { name: 'Roles given here' }).getByRole('row', { name: /Plain team/ });
  await expect(given).toContainText('Workspace Viewer');
  await given.getByRole('button', { name: 'Take role' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Take role' }).click();
  await expect(given).toHaveCount(0);

  await owner.goto(`${org}/teams?q=plain`);
  await owner.getByRole('link', { name: 'Plain team' }).click();
  await row.getByRole('button', { name: 'Actions for Pam Plain' }).click();
  await owner.getByRole('button', { name: 'Take out of the team' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
  await expect(owner.getByText('Nobody is in the team')).toBeVisible();
  await owner.getByRole('button', { name: 'Delete team' }).click();
  await owner.getByRole('dialog').getByLabel('Type Plain team to confirm').fill('Plain team');
  await owner.getByRole('dialog').getByRole('button', { name: 'Delete team' }).click();
  await owner.waitForURL(/\/teams$/);
});

test('a role is made from a copy and changed without JavaScript', async ({ reeve, owner }) => {
  await owner.goto(`/organizations/${reeve.initial!.organization_id}/roles/new?from=workspace-viewer`);
  await owner.getByLabel('Name', { exact: true }).fill('Plain role');
  await owner.getByRole('checkbox', { name: 'Update stacks' }).check();
  await owner.getByRole('button', { name: 'Make role' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Plain role');
  await expect(owner.getByRole('checkbox', { name: 'Update stacks' })).toBeChecked();
  await expect(owner.getByRole('checkbox', { name: 'Read stacks' })).toBeChecked();
  await owner.getByRole('checkbox', { name: 'Read stacks' }).uncheck();
  await owner.getByRole('button', { name: 'Save role' }).click();
  await expect(owner.getByRole('definition').filter({ hasText: /^2$/ }), 'the second revision').toBeVisible();
  await expect(owner.getByRole('checkbox', { name: 'Read stacks' })).not.toBeChecked();
});

test('a limit is set and lifted without JavaScript', async ({ reeve, owner }) => {
  await owner.goto(`/organizations/${reeve.initial!.organization_id}/usage`);
  await owner.getByLabel('Of what').selectOption({ label: 'Models' });
  await owner.getByLabel('At most').fill('9999999999');
  await owner.getByRole('button', { name: 'Set limit' }).click();
  await expect(owner.getByLabel('At most')).toHaveAttribute('aria-invalid', 'true');
  await owner.getByLabel('Of what').selectOption({ label: 'Models' });
  await owner.getByLabel('At most').fill('7');
  await owner.getByRole('button', { name: 'Set limit' }).click();
  await expect(owner.getByRole('meter', { name: 'Models' })).toHaveAttribute('aria-valuetext', '0 of 7');
  await owner.getByRole('button', { name: 'Lift limit on models' }).click();
  await expect(owner.getByRole('meter', { name: 'Models' })).toHaveCount(0);
});

test('access is asked about without JavaScript', async ({ owner, world }) => {
  await owner.goto(`/organizations/${world.org}/access?tab=who`);
  await owner.getByLabel('Where').selectOption({ label: 'Furnished' });
  await owner.getByRole('button', { name: 'Show people' }).click();
  await owner.getByLabel('Who may').selectOption({ label: 'update stacks' });
  await owner.getByRole('button', { name: 'Show people' }).click();
  await owner.getByRole('region', { name: 'People who may' }).getByRole('link', { name: /Mara Member/ }).click();
  await expect(owner.getByText('Yes, Mara Member may update stacks in Furnished')).toBeVisible();
});
