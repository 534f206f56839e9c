/* Swagger UI in the place of the plain table of /docs; started here because no inline script is allowed. */
window.addEventListener('DOMContentLoaded', () => {
  if (!window.SwaggerUIBundle) return;
  window.wanggeDocs = window.SwaggerUIBundle({
    url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null, tryItOutEnabled: false, docExpansion: 'list',
    // a signed-in page may send edits: the server asks for this mark of its own pages
    requestInterceptor: (request) => { request.headers['X-Wangge'] = '1'; return request; },
    onComplete: () => { document.body.dataset.ready = 'true'; },
  });
});
