package front

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/aws/smithy-go/encoding/cbor"

	"switchboard/infra/local/iam"
)

// refusal is an error of AWS's, before it is written as one of a service's.
type refusal struct {
	status  int // as DynamoDB and Cognito answer it; others have 403 for what is not allowed
	code    string
	query   string // what the code was in SQS's and CloudWatch's older protocol, by which SDKs know it
	message string
}

func denied(arn, action, resource string, decision iam.Decision) *refusal {
	why := "because no identity-based policy allows the " + action + " action"
	if decision == iam.Denied {
		why = "with an explicit deny in an identity-based policy"
	}
	return &refusal{
		status: http.StatusBadRequest, code: "AccessDeniedException", query: "AccessDenied",
		message: fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s %s", arn, action, resource, why),
	}
}

func unknownKey() *refusal {
	return &refusal{
		status: http.StatusBadRequest, code: "UnrecognizedClientException", query: "InvalidClientTokenId",
		message: "The security token included in the request is invalid.",
	}
}

// write answers in the service's form.
func (f *refusal) write(w http.ResponseWriter, service string) {
	h := w.Header()
	status, body := http.StatusForbidden, []byte(nil)
	switch service {
	case "dynamodb":
		h.Set("Content-Type", "application/x-amz-json-1.0")
		status, body = f.status, f.text("com.amazon.coral.service#", "Message")
	case "sqs":
		h.Set("Content-Type", "application/x-amz-json-1.0")
		h.Set("X-Amzn-Query-Error", f.query+";Sender")
		body = f.text("com.amazon.coral.service#", "message")
	case cognito:
		h.Set("Content-Type", "application/x-amz-json-1.1")
		h.Set("X-Amzn-Errortype", f.code)
		status, body = f.status, f.text("", "message")
	case "cloudwatch":
		h.Set("Content-Type", "application/cbor")
		h.Set("Smithy-Protocol", "rpc-v2-cbor")
		h.Set("X-Amzn-Query-Error", f.query+";Sender")
		body = cbor.Encode(cbor.Map{"__type": cbor.String(f.code), "message": cbor.String(f.message)})
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails when the caller has gone, and then nobody is left to tell
}

func (f *refusal) text(namespace, member string) []byte {
	fields := map[string]string{member: f.message}
	if namespace != "" {
		fields["__type"] = namespace + f.code
	}
	body, err := json.Marshal(fields)
	if err != nil { // strings always encode
		return nil
	}
	return body
}
