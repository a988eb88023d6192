package template_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/template"
)

func TestInfra_pageHeaders(t *testing.T) {
	tests := []struct {
		name       string
		parameters map[string]string
		connect    string
	}{
		{
			"people of the stack's own", nil,
			"https://cognito-idp.us-east-1.amazonaws.com https://UserPoolDomain.auth.us-east-1.amazoncognito.com",
		},
		{
			"people of an issuer", map[string]string{"IssuerURL": "https://id.example.com/realms/a", "Audience": "page"},
			"https://id.example.com ",
		},
		{
			"people of an issuer with its tokens elsewhere",
			map[string]string{"IssuerURL": "https://id.example.com", "Audience": "page", "SignInOrigins": "https://a.example.com,https://b.example.com"},
			"https://id.example.com https://a.example.com https://b.example.com",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := map[string]string{
				"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
					"connect-src 'self' wss://local.execute-api.us-east-1.amazonaws.com " + test.connect + "; base-uri 'none'; form-action 'none'; " +
					"frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
				"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			}
			got := load(t, infra, template.Options{Parameters: test.parameters}).PageHeaders
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("headers of the page (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInfra_pageAlone(t *testing.T) {
	for _, test := range []struct{ name, page, allowed, want string }{
		{"where CloudFront has the page", "", "", "https://PageDistribution.cloudfront.net"},
		{"at a domain of one's own", "https://chat.example.com", "", "https://chat.example.com"},
		{"what is said", "https://chat.example.com", "https://a.example.com,https://b.example.com", "https://a.example.com,https://b.example.com"},
		{"any", "", "*", "*"},
	} {
		t.Run(test.name, func(t *testing.T) {
			read := load(t, infra, template.Options{Parameters: map[string]string{"PageURL": test.page, "AllowedOrigins": test.allowed}})
			for _, f := range read.Functions {
				if got := f.Environment["ALLOWED_ORIGINS"]; f.Name == "connect" && got != test.want {
					t.Errorf("PageURL %q and AllowedOrigins %q let in %q, want %q", test.page, test.allowed, got, test.want)
				}
			}
		})
	}
}
