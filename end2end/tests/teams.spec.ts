import type { Page } from '@playwright/test';
import { accept, invite } from '../fixtures/people';
import { type Installation, expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

const orgOf = (reeve: Installation) => reeve.initial!.organization_id;

/** A team with these people in it, by address; its id. */
async function teamOf(reeve: Installation, owner: Page, name: string, people: string[] = []): Promise<string> {
  const { id } = await serverFunction<{ id: string }>(owner.request, reeve.url, 'teams/create', { org: orgOf(reeve), name });
  for (const who of people) await serverFunction(owner.request, reeve.url, 'teams/add_member', { team: id, who });
  return id;
}

const giveInWorkspace = (reeve: Installation, owner: Page, workspace: string, who: string, role: string) =>
  serverFunction(owner.request, reeve.url, 'grants/add_in_workspace', { workspace, who, role });

test('a team is made and filled, and whoever is in it holds its role from their next click on', async ({ reeve, owner, join, world, hydrated, a11y }) => {
  const person = await join('crew@acme.test', 'Carla Crew');
  const org = `/organizations/${orgOf(reeve)}`;
  await owner.goto(`${org}/teams`);
  await hydrated(owner);
  await owner.getByRole('link', { name: 'New team' }).click();
  await owner.getByLabel('Name', { exact: true }).fill('Field crew');
  await owner.getByLabel('Description').fill('Who work outside.');
  await owner.getByRole('button', { name: 'Make team' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Field crew');
  await expect(owner.getByText('Nobody is in the team')).toBeVisible();
  await expect(owner.getByText('The team holds no role')).toBeVisible();

  const members = owner.getByRole('region', { name: 'Members of the team' });
  await owner.getByLabel('Member', { exact: true }).fill('crew@acme.test');
  await owner.getByRole('button', { name: 'Add to the team' }).click();
  await expect(members.getByRole('row', { name: /Carla Crew/ })).toContainText('Member');
  await expect(owner.getByLabel('Member', { exact: true })).toHaveValue('');
  await a11y(owner);

  // The role is given where it holds.
  await person.page.goto(`${org}/workspaces`);
  await expect(person.page.getByRole('link', { name: 'Furnished' })).toHaveCount(0);
  await owner.goto(`/workspaces/${world.workspace}`);
  await hydrated(owner);
  await owner.getByLabel('Person or team').fill('Field crew');
  await owner.getByLabel('Role', { exact: true }).selectOption({ label: 'Workspace Viewer' });
  await owner.getByRole('button', { name: 'Give role' }).click();
  await expect(owner.getByRole('region', { name: 'Roles given here' }).getByRole('row', { name: /Field crew/ })).toContainText('Workspace Viewer');
  await expect(owner.getByRole('region', { name: 'People who may enter' }).getByRole('row', { name: /Carla Crew/ })).toContainText('Workspace Viewer, through team Field crew');
  await person.page.reload();
  await expect(person.page.getByRole('link', { name: 'Furnished' })).toBeVisible();

  await owner.goto(`${org}/members/${person.id}`);
  await hydrated(owner);
  await owner.getByRole('main').getByRole('link', { name: 'Field crew' }).click();
  await expect(owner.getByRole('region', { name: 'Roles of the team' }).getByRole('row', { name: /Workspace Viewer/ })).toContainText('Furnished');

  // Taken out, with what that means said before.
  await members.getByRole('button', { name: 'Actions for Carla Crew' }).click();
  await owner.getByRole('button', { name: 'Take out of the team' }).click();
  const dialog = owner.getByRole('dialog', { name: 'Take Carla Crew out of the team' });
  await expect(dialog).toContainText('Changes what 1 person may do');
  await expect(dialog).toContainText('1 person loses the right to sign in to the workspace in 1 workspace: Carla Crew');
  await expect(dialog).toContainText('In Furnished');
  await dialog.getByRole('button', { name: 'Take out' }).click();
  await expect(owner.getByText('Nobody is in the team')).toBeVisible();
  await person.page.reload();
  await expect(person.page.getByRole('link', { name: 'Furnished' })).toHaveCount(0);
});

test('a maintainer puts people into their team and takes them out, and nothing else', async ({ reeve, owner, join, hydrated }) => {
  const maintainer = await join('maintains@acme.test', 'Maja Maintainer');
  const other = await join('maintained@acme.test', 'Otto Other');
  const team = await teamOf(reeve, owner, 'Maintained', ['maintains@acme.test']);
  const path = `/organizations/${orgOf(reeve)}/teams/${team}`;

  await maintainer.page.goto(path);
  await hydrated(maintainer.page);
  await expect(maintainer.page.getByText('You see this team, others manage it')).toBeVisible();
  await expect(maintainer.page.getByRole('button', { name: 'Add to the team' })).toHaveCount(0);

  await owner.goto(path);
  await hydrated(owner);
  const row = owner.getByRole('row', { name: /Maja Maintainer/ });
  await row.getByRole('button', { name: 'Actions for Maja Maintainer' }).click();
  await owner.getByRole('button', { name: 'Make maintainer' }).click();
  await expect(row.getByText('Maintainer', { exact: true })).toBeVisible();

  await maintainer.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Teams/ }).click();
  await maintainer.page.getByRole('link', { name: 'Maintained' }).click();
  await maintainer.page.getByLabel('Member', { exact: true }).fill(other.email);
  await maintainer.page.getByRole('button', { name: 'Add to the team' }).click();
  const added = maintainer.page.getByRole('row', { name: /Otto Other/ });
  await expect(added).toBeVisible();
  await expect(maintainer.page.getByRole('button', { name: 'Delete team' })).toHaveCount(0);
  await expect(maintainer.page.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await expect(maintainer.page.getByRole('button', { name: 'Give role' })).toHaveCount(0);
  await expect(maintainer.page.getByRole('button', { name: /^Actions for/ })).toHaveCount(0);

  await other.page.goto(path);
  await expect(other.page.getByRole('heading', { level: 1 })).toHaveText('Maintained');
  await added.getByRole('button', { name: 'Take out' }).click();
  await maintainer.page.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
  await expect(added).toHaveCount(0);
});

test('who is in no team sees none, not even one that is named', async ({ reeve, owner, join, hydrated, consoleClean }) => {
  const person = await join('teamless@acme.test', 'Tess Teamless');
  const team = await teamOf(reeve, owner, 'Unseen');
  const teams = `/organizations/${orgOf(reeve)}/teams`;
  await person.page.goto(teams);
  await hydrated(person.page);
  await expect(person.page.getByText('You are in no team')).toBeVisible();
  await expect(person.page.getByRole('link', { name: 'New team' })).toHaveCount(0);
  consoleClean.allow(/status of 404/);
  expect((await person.page.goto(`${teams}/${team}`))?.status()).toBe(404);
  await expect(person.page.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible();
});

test('somebody invited is put into a team, and is in it once they accept', async ({ reeve, owner, visitor, hydrated }) => {
  const team = await teamOf(reeve, owner, 'Soon');
  const invited = await invite(owner.request, reeve.url, orgOf(reeve), 'soon@acme.test');
  await owner.goto(`/organizations/${orgOf(reeve)}/teams/${team}`);
  await hydrated(owner);
  await owner.getByLabel('Member', { exact: true }).fill('soon@acme.test');
  await owner.getByRole('button', { name: 'Add to the team' }).click();
  await expect(owner.getByRole('row', { name: /soon@acme.test/ })).toContainText('Invited');
  await accept((await visitor()).request, reeve.url, invited.url, 'Sonja Soon');
  await owner.reload();
  await expect(owner.getByRole('row', { name: /Sonja Soon/ })).toContainText('Member');
});

test('nobody is put in twice, and nobody who is not known', async ({ reeve, owner, join, hydrated, consoleClean }) => {
  await join('once@acme.test', 'Onno Once');
  const team = await teamOf(reeve, owner, 'Once', ['once@acme.test']);
  consoleClean.allow(/status of (409|422)/);
  await owner.goto(`/organizations/${orgOf(reeve)}/teams/${team}`);
  await hydrated(owner);
  const field = owner.getByLabel('Member', { exact: true });
  await field.fill('once@acme.test');
  await field.press('Enter');
  await expect(owner.getByText('Onno Once is in this team already.')).toBeVisible();
  await field.fill('nobody-knows@acme.test');
  await field.press('Enter');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('nobody-knows@acme.test');
});

test('a team gets another name, but none that another team has', async ({ reeve, owner, hydrated, consoleClean }) => {
  await teamOf(reeve, owner, 'Taken name');
  const team = await teamOf(reeve, owner, 'Old name');
  await owner.goto(`/organizations/${orgOf(reeve)}/teams/${team}`);
  await hydrated(owner);
  consoleClean.allow(/status of 409/);
  const name = owner.getByLabel('Name', { exact: true });
  await name.fill('taken NAME');
  await owner.getByRole('button', { name: 'Save' }).click();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await name.fill('New name');
  await owner.getByRole('button', { name: 'Save' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('New name');
});

test('a team is deleted with what it holds, once its name is typed', async ({ reeve, owner, join, world, hydrated }) => {
  const person = await join('ended@acme.test', 'Enno Ended');
  const team = await teamOf(reeve, owner, 'Ended', ['ended@acme.test']);
  await giveInWorkspace(reeve, owner, world.workspaceId, 'team:Ended', 'workspace-viewer');
  await person.page.goto(`/organizations/${orgOf(reeve)}/workspaces`);
  await expect(person.page.getByRole('link', { name: 'Furnished' })).toBeVisible();

  await owner.goto(`/organizations/${orgOf(reeve)}/teams/${team}`);
  await hydrated(owner);
  await owner.getByRole('button', { name: 'Delete team' }).click();
  const dialog = owner.getByRole('dialog', { name: 'Delete Ended' });
  await expect(dialog).toContainText('Changes what 1 person may do');
  await dialog.getByLabel('Type Ended to confirm').fill('Ended');
  await dialog.getByRole('button', { name: 'Delete team' }).click();
  await owner.waitForURL(/\/teams$/);
  await expect(owner.getByRole('link', { name: 'Ended', exact: true })).toHaveCount(0);
  await person.page.reload();
  await expect(person.page.getByRole('link', { name: 'Furnished' })).toHaveCount(0);
});

test('teams are searched by the address of the list, and its pages follow each other without a gap', async ({ reeve, owner, hydrated }) => {
  // More teams than a page holds.
  test.slow();
  const names = Array.from({ length: 60 }, (_, n) => `Page ${String(n).padStart(2, '0')}`);
  for (const name of names) await teamOf(reeve, owner, name);
  await owner.goto(`/organizations/${orgOf(reeve)}/teams`);
  await hydrated(owner);
  await owner.getByLabel('Search teams').fill('page ');
  await owner.getByLabel('Search teams').press('Enter');
  await owner.waitForURL(/q=page/);
  const seen: string[] = [];
  const rows = owner.getByRole('table').getByRole('rowheader');
  const next = owner.getByRole('link', { name: /next/i });
  await expect(rows.first()).toContainText('Page 00');
  seen.push(...(await rows.allTextContents()));
  await next.click();
  await owner.waitForURL(/cursor=/);
  await expect(rows.first()).not.toContainText('Page 00');
  seen.push(...(await rows.allTextContents()));
  await expect(next).toHaveCount(0);
  expect(seen.map((name) => name.trim())).toEqual(names);
  await owner.goto(`/organizations/${orgOf(reeve)}/teams?q=no-such-team`);
  await hydrated(owner);
  await expect(owner.getByText('No team matches')).toBeVisible();
  await owner.getByRole('link', { name: 'Show all teams' }).click();
  await expect(owner.getByRole('link', { name: /^Page 00/ })).toBeVisible();
});
