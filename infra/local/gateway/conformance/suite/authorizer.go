package suite

import "strings"

var authorizerCases = []Case{
	{Name: "without the identity source the client gets 401, and nobody is asked", Source: authorizers, Certainty: Documented, try: func(p *probe) {
		p.dial(opening{query: "-"}).wantStatus(401)
		p.none(authorizing)
	}},
	{Name: "an empty identity source is none", Source: authorizers, Certainty: Documented, try: func(p *probe) {
		p.dial(opening{query: "token="}).wantStatus(401)
		p.none(authorizing)
	}},
	{Name: "another name than the identity source's is none", Source: authorizers, Certainty: Documented, try: func(p *probe) {
		p.dial(opening{query: "Token=t"}).wantStatus(401)
	}},
	{Name: "without identity sources everybody is put to the authorizer", Stage: Asked, Source: authorizers, Certainty: Documented, try: func(p *probe) {
		p.connect(opening{query: "-"})
		p.event(authorizing)
	}},
	{Name: "results are not cached: each handshake asks anew", Source: "service model apigatewayv2", Certainty: Documented, try: func(p *probe) {
		p.connect(opening{})
		p.event(authorizing)
		p.connect(opening{})
		p.event(authorizing)
	}},
	{Name: "$connect does not run when the authorizer refuses, nor $disconnect", Source: authorizers, Certainty: Documented, try: func(p *probe) {
		p.dial(opening{authorizer: script{Error: "Unauthorized"}}).wantStatus(401)
		p.none(connecting)
		p.none(disconnecting)
	}},
	{Name: "the authorizer's event is of type REQUEST with $connect's ARN", Source: authorizers, Certainty: Documented, try: func(p *probe) {
		p.connect(opening{})
		e := p.event(authorizing)
		stage := e.text("requestContext", "stage")
		arn := e.text("methodArn")
		p.check(e.text("type") == "REQUEST", "type = %q", e.text("type"))
		p.check(strings.HasPrefix(arn, "arn:aws:execute-api:") && strings.HasSuffix(arn, ":"+accountOf(arn)+":"+e.text("requestContext", "apiId")+"/"+stage+"/$connect"),
			"methodArn = %s", arn)
	}},
	{Name: "a policy that denies a custom route denies nothing after $connect", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{authorizer: script{Result: `{"principalId":"u","policyDocument":{"Version":"2012-10-17","Statement":[` +
			`{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"$ARN"},{"Action":"execute-api:Invoke","Effect":"Deny","Resource":"*/echo"}]}}`}})
		c.wantAlive()
	}},
	{Name: "the authorizer's result may not exceed 8 KB: 500", Source: quotas, Certainty: Uncertain, try: func(p *probe) {
		p.dial(opening{authorizer: script{Result: withContext(`{"a":"$PAD"}`), Pad: 8192}}).wantStatus(500)
	}},
	{Name: "a result of nearly 8 KB is taken", Source: quotas, Certainty: Documented, try: func(p *probe) {
		p.dial(opening{authorizer: script{Result: withContext(`{"a":"$PAD"}`), Pad: 7600}}).wantStatus(101)
	}},
}

// identityCases say that every identity source must be there, of whatever kind.
func identityCases() []Case {
	key := []string{"X-Key: k"}
	var cases []Case
	for _, row := range []struct {
		name      string
		do        opening
		status    int
		certainty Certainty
	}{
		{"whoever has all identity sources is put to the authorizer", opening{headers: key}, 101, Documented},
		{"a header that is an identity source is found in any case", opening{headers: []string{"x-kEY: k"}}, 101, Uncertain},
		{"without one of several identity sources, a query parameter, the client gets 401", opening{query: "-", headers: key}, 401, Documented},
		{"without one of several identity sources, a header, the client gets 401", opening{}, 401, Documented},
		{"an empty header that is an identity source is none", opening{headers: []string{"X-Key:"}}, 401, Documented},
		{"without one of several identity sources, a value of the context, the client gets 401", opening{headers: key, noAgent: true}, 401, Documented},
	} {
		cases = append(cases, Case{Name: row.name, Source: authorizers, Certainty: row.certainty, try: func(p *probe) {
			p.dial(row.do).wantStatus(row.status)
		}})
	}
	return cases
}

// accountOf is the account in an ARN.
func accountOf(arn string) string {
	parts := strings.Split(arn, ":")
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}

func withContext(context string) string {
	return `{"principalId":"u","policyDocument":` + allow + `,"context":` + context + `}`
}

func withStatements(statements string) string {
	return `{"principalId":"u","policyDocument":{"Version":"2012-10-17","Statement":` + statements + `}}`
}

// verdictCases say what a client sees of what the authorizer returned.
func verdictCases() []Case {
	const (
		yes = `{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"$ARN"}`
		no  = `{"Action":"execute-api:Invoke","Effect":"Deny","Resource":"$ARN"}`
	)
	var cases []Case
	for _, row := range []struct {
		name      string
		do        script
		status    int
		source    string
		certainty Certainty
	}{
		{"an authorizer that fails with Unauthorized refuses with 401", script{Error: "Unauthorized"}, 401, authorizers, Documented},
		{"an authorizer that fails with anything else refuses with 500", script{Error: "unauthorized"}, 500, restAPIs, Observed},
		{"a policy that denies refuses with 403", script{Result: withStatements("[" + no + "]")}, 403, authorizers, Documented},
		{"a policy that allows something else refuses with 403", script{Result: withStatements(`[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"$ARN/more"}]`)},
			403, authorizers, Documented},
		{"a policy that allows another action refuses with 403", script{Result: withStatements(`[{"Action":"s3:GetObject","Effect":"Allow","Resource":"*"}]`)},
			403, authorizers, Documented},
		{"a denial stands against an allowance", script{Result: withStatements("[" + yes + "," + no + "]")}, 403, "IAM user guide: Policy evaluation logic", Documented},
		{"resources may have wildcards", script{Result: withStatements(`[{"Action":"execute-api:*","Effect":"Allow","Resource":["arn:aws:execute-api:*/$connec?"]}]`)},
			101, "IAM user guide: Resource", Documented},
		{"one statement may stand without a list", script{Result: withStatements(yes)}, 101, "IAM user guide: grammar of the JSON policy language", Documented},
		{"a result without policy refuses with 500", script{Result: `{"principalId":"u"}`}, 500, restAPIs, Observed},
		{"a result without principal refuses with 500", script{Result: `{"policyDocument":` + allow + `}`}, 500, restAPIs, Uncertain},
		{"a result that is null refuses with 500", script{Result: `null`}, 500, restAPIs, Observed},
		{"an effect that is none refuses with 500", script{Result: withStatements(`[{"Action":"*","Effect":"Maybe","Resource":"*"}]`)}, 500, restAPIs, Uncertain},
		{"context with an object refuses with 500", script{Result: withContext(`{"a":{}}`)}, 500, restAPIs, Observed},
		{"context with a list refuses with 500", script{Result: withContext(`{"a":[1]}`)}, 500, restAPIs, Observed},
		{"context with null refuses with 500", script{Result: withContext(`{"a":null}`)}, 500, guess, Uncertain},
	} {
		cases = append(cases, Case{Name: row.name, Source: row.source, Certainty: row.certainty, try: func(p *probe) {
			p.dial(opening{authorizer: row.do}).wantStatus(row.status)
		}})
	}
	return cases
}

var contextCases = []Case{
	{Name: "$connect sees the principal, the context and integrationLatency as a number", Source: captures, Certainty: Observed, try: func(p *probe) {
		_, e := p.connect(opening{})
		p.check(e.text("requestContext", "authorizer", "principalId") == "u-1842", "authorizer = %v", e.context("authorizer"))
		p.check(e.text("requestContext", "authorizer", "tenant") == "acme", "authorizer = %v", e.context("authorizer"))
		p.check(e.number("requestContext", "authorizer", "integrationLatency") >= 0, "authorizer = %v", e.context("authorizer"))
	}},
	{Name: "messages and $disconnect see the principal and the context without integrationLatency", Source: captures, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(`{"type":"say"}`)
		m := p.event(messaging)
		c.closeWith(1000, "")
		d := p.event(disconnecting)
		const want = "admin atEnd case level principalId tenant witness"
		p.check(m.keys("requestContext", "authorizer") == want, "authorizer of the message = %v", m.context("authorizer"))
		p.check(d.keys("requestContext", "authorizer") == want, "authorizer of the end = %v", d.context("authorizer"))
	}},
	{Name: "numbers and booleans of the context arrive as strings", Source: variables, Certainty: Uncertain, try: func(p *probe) {
		_, e := p.connect(opening{})
		p.check(e.text("requestContext", "authorizer", "level") == "3" && e.text("requestContext", "authorizer", "admin") == "true",
			"authorizer = %v", e.context("authorizer"))
	}},
	{Name: "without an authorizer events have no authorizer", Stage: Open, Source: captures, Certainty: Observed, try: func(p *probe) {
		_, e := p.connect(opening{})
		p.check(e.context("authorizer") == nil, "authorizer = %v, want none", e.context("authorizer"))
	}},
}
