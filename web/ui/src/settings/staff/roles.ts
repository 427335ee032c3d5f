/** The roles in the order screens show them; the server knows what each may do. */
export const roles = ['agent', 'unit_officer', 'verifier', 'approver', 'supervisor', 'quality_reviewer', 'appellate', 'admin', 'wallboard_reader'] as const;

/** The languages that citizens may be answered in beside Indonesian, which everybody speaks. */
export const spoken = ['jav', 'sun', 'mad', 'min', 'ban', 'bjn', 'bug', 'ace', 'bbc', 'nij', 'eng'] as const;
