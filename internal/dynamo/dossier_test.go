package dynamo_test

import (
	"context"

	"switchboard/internal/dynamo"
)

// priceListOfDossiers is what it costs to look at a person.
func priceListOfDossiers(s *dynamo.Store) []step {
	return []step{
		{"Memberships, two", func(ctx context.Context) error { _, err := s.Memberships(ctx, "ada", 100); return err }},
		{"Deeds, one", func(ctx context.Context) error { _, err := s.Deeds(ctx, "mia", 100); return err }},
	}
}
