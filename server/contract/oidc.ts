// Addresses of the sign-in at another house. Browsers go there; they answer with redirections.

/** With `?join=1`: joins the identity to the account of who is signed in. */
export const oidcStartUrl = '/api/oidc/start'
export const oidcCallbackUrl = '/api/oidc/callback'
