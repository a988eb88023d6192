// Package dynamo keeps what package chat asks to be kept, on DynamoDB.
package dynamo

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"switchboard/internal/chat"
)

// Tables are the names of the tables.
type Tables struct {
	Connections string
	Users       string
	Rooms       string
	Messages    string
}

// Store is chat.Store on DynamoDB. It is safe for concurrent use.
type Store struct {
	client *dynamodb.Client
	tables Tables
	now    func() time.Time
}

var _ chat.Store = (*Store)(nil)

// New makes a Store of a client that NewClient made: retrying is the client's part.
// now decides which items have expired.
func New(client *dynamodb.Client, tables Tables, now func() time.Time) *Store {
	return &Store{client: client, tables: tables, now: now}
}
