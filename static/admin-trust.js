// The page's one Trusted Types policy. htmx makes HTML of what this server sends, and of nothing else (selfRequestsOnly); texts
// of people were escaped by the server. Scripts and their addresses are never made of text here: no policy lets them through.
window.trustedTypes?.createPolicy("default", {
  createHTML(html) {
    if (/<script/i.test(html)) throw new TypeError("an answer must hold no script");
    return html;
  },
});
