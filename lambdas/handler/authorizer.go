package handler

import (
	"context"
	"errors"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/internal/app"
	"switchboard/internal/chat"
	"switchboard/internal/identity"
)

// errUnauthorized must be exactly this text: API Gateway then answers 401.
var errUnauthorized = errors.New("Unauthorized") //nolint:revive,staticcheck // the text is API Gateway's

type (
	authRequest  = events.APIGatewayCustomAuthorizerRequestTypeRequest
	authResponse = events.APIGatewayCustomAuthorizerResponse
)

// Authorizer looks at the token and says who is connecting; it has no identity sources,
// because guests and the recipe's client bring none.
func Authorizer() Function {
	return Function{
		Name:  "authorizer",
		Needs: []string{"GUEST_KEY", "GUESTS_ALLOWED"},
		Takes: []string{"ISSUER_URL", "AUDIENCE", "GROUPS_CLAIM", "METRICS_NAMESPACE"},
		New: func(a *app.App) lambda.Handler {
			return typed(func(ctx context.Context, req authRequest) (authResponse, error) {
				ctx = a.Telemetry.Begin(ctx)
				defer a.Telemetry.End(ctx)
				var p chat.Principal
				err := watch(ctx, a, func(ctx context.Context) (err error) {
					p, err = a.Identity.Verify(ctx, identityOf(req))
					return err
				}, slog.String("event", "AUTHORIZE"))
				if chat.CodeOf(err) == chat.Unauthorized && err != nil {
					return authResponse{}, errUnauthorized
				}
				if err != nil {
					return authResponse{}, errors.New(chat.TextOf(err))
				}
				return allow(p, req.MethodArn), nil
			})
		},
	}
}

func identityOf(req authRequest) identity.Request {
	h := headers{req.Headers, req.MultiValueHeaders}
	q := req.QueryStringParameters
	return identity.Request{
		Token:    identity.TokenFrom(identity.Protocols(h.all(subProtocolHeader)), q["token"]),
		UserID:   q["userId"],
		Username: q["username"],
	}
}

func allow(p chat.Principal, methodARN string) authResponse {
	return authResponse{
		PrincipalID: string(p.UserID),
		PolicyDocument: events.APIGatewayCustomAuthorizerPolicy{
			Version: "2012-10-17",
			Statement: []events.IAMPolicyStatement{{
				Action: []string{"execute-api:Invoke"}, Effect: "Allow", Resource: []string{methodARN},
			}},
		},
		Context: contextOf(p),
	}
}
