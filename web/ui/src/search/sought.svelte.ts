/** What is looked for, kept in memory only: a name or number must not stand in an address, a log or the browser's history. */
export const sought = $state({ text: '' });
