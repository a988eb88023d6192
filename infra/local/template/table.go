package template

import "slices"

func (l *loader) tables() []Table {
	var tables []Table
	for _, r := range all[tableShape](l) {
		types := map[string]string{}
		for _, a := range r.props.AttributeDefinitions {
			types[a.AttributeName] = a.AttributeType
		}
		keys := slices.Clone(r.props.KeySchema)
		table := Table{
			Name:         l.physicalName(r.resource),
			LogicalID:    r.id,
			ARN:          l.arn(r.resource),
			KeySchema:    l.keySchema(r, "KeySchema", r.props.KeySchema, types),
			TTLAttribute: r.props.TimeToLiveSpecification.AttributeName,
			Line:         r.line,
		}
		for _, index := range r.props.GlobalSecondaryIndexes {
			keys = append(keys, index.KeySchema...)
			table.Indexes = append(table.Indexes, Index{
				Name:       index.IndexName,
				KeySchema:  l.keySchema(r, index.IndexName, index.KeySchema, types),
				Projection: index.Projection.ProjectionType,
				Attributes: index.Projection.NonKeyAttributes,
			})
			if (index.Projection.ProjectionType == "INCLUDE") != (len(index.Projection.NonKeyAttributes) > 0) {
				l.refuse(r.lineOf("GlobalSecondaryIndexes"), "%s: %s: INCLUDE and NonKeyAttributes go together: write both or neither", r.id, index.IndexName)
			}
		}
		for _, a := range r.props.AttributeDefinitions {
			if !slices.ContainsFunc(keys, func(k keyShape) bool { return k.AttributeName == a.AttributeName }) {
				l.refuse(r.lineOf("AttributeDefinitions"), "%s: attribute %s is in no key: DynamoDB takes key attributes only: remove it", r.id, a.AttributeName)
			}
		}
		tables = append(tables, table)
	}
	return tables
}

func (l *loader) keySchema(r found[tableShape], of string, parts []keyShape, types map[string]string) KeySchema {
	var schema KeySchema
	for i, part := range parts {
		key := Key{Name: part.AttributeName, Type: types[part.AttributeName]}
		if key.Type == "" {
			l.refuse(r.line, "%s: %s has %s, which is not among the AttributeDefinitions: add it", r.id, of, key.Name)
		}
		switch {
		case i == 0 && part.KeyType == "HASH":
			schema.Hash = key
		case i == 1 && part.KeyType == "RANGE":
			schema.Range = key
		default:
			l.refuse(r.line, "%s: %s is not a HASH key and at most one RANGE key, in this order: correct it", r.id, of)
		}
	}
	return schema
}
