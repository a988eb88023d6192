package stack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"switchboard/infra/local/front"
	"switchboard/infra/local/iam"
)

// What keys come with. Nothing here is a secret: signatures are not verified.
const (
	secretKey    = "local"
	sessionToken = "local"
)

// Call is what a function asks of AWS, as Options.Observe hears it.
type Call = front.Call

// keyOf is the access key id of a function's role. Those of sessions begin so.
func keyOf(function string) string { return "ASIA" + strings.ToUpper(function) }

// feederKeyOf is that of what feeds a function from its queue, by the same role.
func feederKeyOf(function string) string { return "ASIAFEED" + strings.ToUpper(function) }

// openFront starts what stands between the functions and the services.
func (s *Stack) openFront(ctx context.Context) error {
	s.inside = newInside(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: s.doors.api.port})
	s.front = front.New(front.Options{
		Region: region, AccountID: accountID, Roles: s.roles(), PartitionKeys: s.partitionKeys(), CloudWatch: s.figures, Observe: s.options.Observe, Faults: &s.Faults,
		Cut:     func(id string) bool { return s.Gateway.Cut(id) },
		Dial:    s.inside.DialContext,
		Cognito: http.HandlerFunc(s.issuer.ServePool),
		Targets: map[string]string{"dynamodb": s.endpoints[dynamoID], "sqs": s.endpoints[sqsID]},
	})
	listener, err := listen(ctx, "functions' calls", 0)
	if err != nil {
		return err
	}
	s.frontURL = "http://" + listener.Addr().String()
	s.onClose("calls under way", func(context.Context) error {
		s.front.Close()
		return nil
	})
	s.serveOn(listener, "front", s.front)
	return nil
}

// roles are what the functions have assumed, by their keys.
func (s *Stack) roles() map[string]front.Role {
	roles := map[string]front.Role{}
	for _, f := range s.Template.Functions {
		role := front.Role{
			Function: f.Name, Policy: f.Statements,
			ARN: fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/%s", accountID, f.RoleName, f.Name),
		}
		roles[keyOf(f.Name)] = role
		// Lambda shows again what it could not hand over without asking the role.
		role.Policy = append(slices.Clone(role.Policy), iam.Statement{
			Effect: "Allow", Actions: []string{"sqs:ChangeMessageVisibility"}, Resources: []string{"*"},
		})
		roles[feederKeyOf(f.Name)] = role
	}
	return roles
}

// partitionKeys are those of tables and indexes.
func (s *Stack) partitionKeys() map[string]string {
	keys := map[string]string{}
	for _, table := range s.Template.Tables {
		keys[table.ARN] = table.KeySchema.Hash.Name
		for _, index := range table.Indexes {
			keys[table.ARN+"/index/"+index.Name] = index.KeySchema.Hash.Name
		}
	}
	return keys
}
