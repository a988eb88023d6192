package stack

import (
	"context"
	"net"
)

// DialForFunctions connects as functions of this process do.
func (s *Stack) DialForFunctions(ctx context.Context, address string) (net.Conn, error) {
	return s.front.Client().DialContext(ctx, "tcp", address)
}
