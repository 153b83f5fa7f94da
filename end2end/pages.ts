// The pages of the house, for whatever looks at all of them.
import type { Role } from './house';

const OWN = ['/home', '/usage', '/models', '/keys', '/account', '/calls', '/history'];
const OF_THE_HOUSE = ['/members', '/connections', '/limits', '/audit', '/settings', '/system'];

/** What each role finds in the sidebar, beside the chat at `/`; and the sheet of all shells, which one look is enough for. */
export const PAGES: Record<Role, readonly string[]> = {
  owner: [...OWN, ...OF_THE_HOUSE, '/design'],
  admin: [...OWN, ...OF_THE_HOUSE],
  member: OWN,
};
