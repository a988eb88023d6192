package main

import (
	"context"
	"fmt"
	"net"

	"switchboard/infra/local/front"
	"switchboard/infra/local/iam"
)

// functionKey is the access key id of functions: what they ask of DynamoDB and @connections may meet faults.
const functionKey = "ASIAFUNCTION"

// openFront starts what stands before DynamoDB, and decides on faults. Everybody may do everything.
func (r *running) openFront(ctx context.Context) error {
	if err := r.faults.Set(r.options.faults); err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for the functions' calls: %w", err)
	}
	everything := iam.Policy{{Effect: "Allow", Actions: []string{"*"}, Resources: []string{"*"}}}
	r.front = front.New(front.Options{
		Region: region, AccountID: accountID, Targets: map[string]string{"dynamodb": r.dynamoDB.URL()}, Others: &front.Role{Policy: everything},
		Faults: &r.faults, Cut: func(id string) bool { return r.gateway.Cut(id) },
	})
	r.frontURL = "http://" + listener.Addr().String()
	r.onStop(func(context.Context) error {
		r.front.Close()
		return nil
	})
	r.serveOn(listener, r.front)
	return nil
}
