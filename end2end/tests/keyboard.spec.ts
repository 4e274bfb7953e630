import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/reeve';

/** Presses Tab until this has the focus; fails if it is not to be reached, or if the focus cannot be seen on the way. */
async function tabTo(page: Page, role: 'button' | 'link' | 'textbox' | 'searchbox' | 'checkbox' | 'combobox', name: string | RegExp) {
  const target = page.getByRole(role, { name }).first();
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    // A link that covers its row shows the focus by its ::after, a radio button by the card around it.
    const unseen = await page.evaluate(() => {
      const now = document.activeElement;
      if (!now || now === document.body) return null;
      const card = now.matches('[type=radio], [type=checkbox]') ? now.closest(':has(label)') : null;
      const places: [Element, string][] = [[now, ''], [now, '::after'], ...(card ? [[card, ''] as [Element, string]] : [])];
      const shows = places.some(([element, part]) => {
        const style = getComputedStyle(element, part);
        return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      });
      return shows ? null : now.outerHTML.slice(0, 200);
    });
    expect(unseen, 'what has the focus shows it').toBe(null);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${role} ${name} cannot be reached with Tab`);
}

test('signing in takes no mouse', async ({ reeve, join, visitor, hydrated }) => {
  await join('keys@acme.test', 'Kim Keys');
  const page = await visitor();
  await page.goto('/login');
  await hydrated(page);
  await tabTo(page, 'textbox', 'E-mail address');
  await page.keyboard.type('keys@acme.test');
  await tabTo(page, 'button', 'Mail me a sign-in link');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Look into your mailbox')).toBeVisible();
  await page.goto(await reeve.mail.linkFor('keys@acme.test', /sign/i));
  await hydrated(page);
  await tabTo(page, 'button', 'Sign in');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/organizations\//);
  // The focus went to the new page's heading; after a reload it is where every page begins.
  await page.reload();
  await hydrated(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('inviting somebody takes no mouse', async ({ reeve, owner, hydrated }) => {
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await owner.goto(org);
  await hydrated(owner);
  await tabTo(owner, 'link', /^Invitations/);
  await owner.keyboard.press('Enter');
  await expect(owner.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo(owner, 'link', 'Invite people');
  await owner.keyboard.press('Enter');
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Invite people');
  await expect(owner.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo(owner, 'textbox', 'E-mail addresses');
  await owner.keyboard.type('by-keys@acme.test');
  await tabTo(owner, 'button', 'Send invitations');
  await owner.keyboard.press('Enter');
  await expect(owner.getByRole('region', { name: 'Link for by-keys@acme.test' })).toBeVisible();
});

test('n adds to the list', async ({ reeve, owner, hydrated }) => {
  const org = `/organizations/${reeve.initial!.organization_id}`;
  for (const list of ['invitations', 'workspaces', 'teams', 'service-accounts', 'roles', 'connections']) {
    await owner.goto(`${org}/${list}`);
    await hydrated(owner);
    await owner.keyboard.press('n');
    await owner.waitForURL(new RegExp(`/${list}/new$`));
  }
  await owner.goto('/me/tokens');
  await hydrated(owner);
  await owner.keyboard.press('n');
  await expect(owner.getByLabel('Name', { exact: true })).toBeFocused();
  await expect(owner.getByLabel('Name', { exact: true })).toHaveValue('');
});

test('a refused form takes the focus to what is wrong', async ({ reeve, owner, hydrated, consoleClean }) => {
  consoleClean.allow(/status of 422/);
  await owner.goto(`/organizations/${reeve.initial!.organization_id}/settings`);
  await hydrated(owner);
  await owner.getByLabel('Name', { exact: true }).fill(' ');
  await owner.keyboard.press('Enter');
  await expect(owner.getByLabel('Name', { exact: true })).toBeFocused();
  await expect(owner.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true');
});

test('a dialog keeps the focus, Escape closes it, and the focus returns', async ({ owner: page, world, hydrated }) => {
  await page.goto(`/workspaces/${world.workspace}`);
  await hydrated(page);
  const button = page.getByRole('button', { name: 'Deactivate workspace' });
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  for (let presses = 0; presses < 6; presses += 1) {
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest('dialog'));
    expect(inside).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
});

test('making a team, filling it and taking somebody out takes no mouse', async ({ reeve, owner, join, hydrated }) => {
  await join('by-keys-in-team@acme.test', 'Tia Team');
  await owner.goto(`/organizations/${reeve.initial!.organization_id}`);
  await hydrated(owner);
  await owner.keyboard.press('g');
  await owner.keyboard.press('o');
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Teams');
  await expect(owner.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo(owner, 'link', 'New team');
  await owner.keyboard.press('Enter');
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('New team');
  await expect(owner.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo(owner, 'textbox', 'Name');
  await owner.keyboard.type('By keys');
  await owner.keyboard.press('Enter');
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('By keys');
  await expect(owner.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo(owner, 'textbox', 'Member');
  await owner.keyboard.type('by-keys-in-team@acme.test');
  await owner.keyboard.press('Enter');
  await expect(owner.getByRole('row', { name: /Tia Team/ })).toBeVisible();
  await owner.reload();
  await hydrated(owner);
  await tabTo(owner, 'button', 'Actions for Tia Team');
  await owner.keyboard.press('Enter');
  await tabTo(owner, 'button', 'Take out of the team');
  await owner.keyboard.press('Enter');
  await expect(owner.getByRole('dialog')).toContainText('Nobody loses or gains anything.');
  await tabTo(owner, 'button', 'Take out');
  await owner.keyboard.press('Enter');
  await expect(owner.getByText('Nobody is in the team')).toBeVisible();
});

test('a role is searched, ticked, foreseen and saved without a mouse', async ({ owner, world, hydrated }) => {
  await owner.goto(`/organizations/${world.org}/roles/${world.role}`);
  await hydrated(owner);
  await tabTo(owner, 'searchbox', 'Search permissions');
  await owner.keyboard.type('stack components');
  await tabTo(owner, 'checkbox', 'Read stack components');
  await owner.keyboard.press('Space');
  await tabTo(owner, 'button', 'Show the effect');
  await owner.keyboard.press('Enter');
  await expect(owner.getByText('Changes what 1 person may do').or(owner.getByText('Nobody loses or gains anything.'))).toBeVisible();
  const saved = owner.waitForResponse(/\/api\/fn\/roles\/update$/);
  await owner.keyboard.press('Shift+Tab');
  await expect(owner.getByRole('button', { name: 'Save role' })).toBeFocused();
  await owner.keyboard.press('Enter');
  expect((await saved).status()).toBe(200);
  await owner.reload();
  await expect(owner.getByRole('checkbox', { name: 'Read stack components' })).toBeChecked();
});

test('the access explorer takes no mouse', async ({ owner, world, hydrated }) => {
  await owner.goto(`/organizations/${world.org}/access`);
  await hydrated(owner);
  await tabTo(owner, 'link', /Mara Member/);
  await owner.keyboard.press('Enter');
  await expect(owner.getByRole('heading', { level: 2, name: /Mara Member/ })).toBeVisible();
  await tabTo(owner, 'link', 'Furnished');
  await owner.keyboard.press('Enter');
  await tabTo(owner, 'link', 'Delete flavors: not allowed');
  await owner.keyboard.press('Enter');
  await expect(owner.getByText('No, Mara Member may not delete flavors in Furnished')).toBeVisible();
});
