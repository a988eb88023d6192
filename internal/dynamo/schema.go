package dynamo

// Table declares one table as this package needs it. Every table is on demand, has the
// string keys pk (hash) and sk (range), and deletes items by the TTL attribute expiresAt.
type Table struct {
	Name    string
	Indexes []Index
}

// Index declares one global secondary index.
type Index struct {
	Name      string
	Hash      Attribute
	Range     Attribute
	Projected []string // beside the keys; empty: KEYS_ONLY
}

// Attribute is a key of an index. Type is S or N, as in DynamoDB's API.
type Attribute struct{ Name, Type string }

// Names that every table shares.
const (
	HashKey      = partition
	RangeKey     = sorting
	TTLAttribute = expiresAt
)

const (
	liveIndex       = "LiveIndex"
	memberIndex     = "MemberIndex"
	ownerIndex      = "OwnerIndex"
	directoryIndex  = "DirectoryIndex"
	bucketAttribute = "bucket"
)

// Schema declares the tables under their names, in the order of the fields of Tables.
func (t Tables) Schema() []Table {
	return []Table{
		{Name: t.Connections, Indexes: []Index{{
			Name:  liveIndex,
			Hash:  Attribute{bucketAttribute, "S"},
			Range: Attribute{"connectedAt", "N"},
			Projected: []string{
				"userId", "name", "guest", "sourceIp", "userAgent", "currentRoom", "lastActiveAt", "closing", "exp", expiresAt,
			},
		}}},
		{Name: t.Users, Indexes: []Index{{
			Name:      memberIndex,
			Hash:      Attribute{"memberOf", "S"},
			Range:     Attribute{partition, "S"},
			Projected: []string{"role"},
		}}},
		{Name: t.Rooms, Indexes: []Index{{
			Name:  ownerIndex,
			Hash:  Attribute{"ownerId", "S"},
			Range: Attribute{partition, "S"},
		}, {
			Name:  directoryIndex,
			Hash:  Attribute{"directory", "S"},
			Range: Attribute{"activeAt", "N"},
		}}},
		{Name: t.Messages},
		{Name: t.Moderation},
	}
}
