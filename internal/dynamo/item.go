package dynamo

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// item is what stands under a key, or the values of an expression.
type item map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

// millis and seconds are how times are kept: seconds only where TTL reads them
// (DynamoDB Developer Guide, "Using time to live").
func millis(t time.Time) types.AttributeValue  { return number(t.UnixMilli()) }
func seconds(t time.Time) types.AttributeValue { return number(t.Unix()) }

// The setters return the item. They leave zero values out: absent and zero mean the same.

func (i item) setText(name, value string) item {
	if value != "" {
		i[name] = text(value)
	}
	return i
}

func (i item) setTexts(name string, values []string) item {
	if len(values) == 0 {
		return i
	}
	list := make([]types.AttributeValue, len(values))
	for n, v := range values {
		list[n] = text(v)
	}
	i[name] = &types.AttributeValueMemberL{Value: list}
	return i
}

// setNumber sets zero too: a counter must be there to be counted up.
func (i item) setNumber(name string, value int64) item {
	i[name] = number(value)
	return i
}

// setCount leaves zero out: it counts nothing that is added to.
func (i item) setCount(name string, value int64) item {
	if value == 0 {
		return i
	}
	return i.setNumber(name, value)
}

func (i item) setFlag(name string, value bool) item {
	if value {
		i[name] = &types.AttributeValueMemberBOOL{Value: true}
	}
	return i
}

func (i item) setTime(name string, t time.Time) item {
	if !t.IsZero() {
		i[name] = millis(t)
	}
	return i
}

func (i item) setExpiry(t time.Time) item {
	if !t.IsZero() {
		i[expiresAt] = seconds(t)
	}
	return i
}

// fields reads an item. An absent attribute gives the zero value; the first one of a
// wrong type stays in err.
type fields struct {
	item item
	err  error
}

func (f *fields) text(name string) string {
	v, ok := f.item[name].(*types.AttributeValueMemberS)
	if !ok {
		f.absent(name)
		return ""
	}
	return v.Value
}

func (f *fields) texts(name string) []string {
	v, ok := f.item[name].(*types.AttributeValueMemberL)
	if !ok {
		f.absent(name)
		return nil
	}
	texts := make([]string, len(v.Value))
	for n, element := range v.Value {
		part := fields{item: item{name: element}}
		texts[n] = part.text(name)
		f.fail(part.err)
	}
	return texts
}

func (f *fields) number(name string) int64 {
	v, ok := f.item[name].(*types.AttributeValueMemberN)
	if !ok {
		f.absent(name)
		return 0
	}
	n, err := strconv.ParseInt(v.Value, 10, 64)
	if err != nil {
		f.fail(fmt.Errorf("attribute %s: %w", name, err))
	}
	return n
}

func (f *fields) flag(name string) bool {
	v, ok := f.item[name].(*types.AttributeValueMemberBOOL)
	if !ok {
		f.absent(name)
		return false
	}
	return v.Value
}

func (f *fields) time(name string) time.Time {
	ms := f.number(name)
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func (f *fields) expiry() time.Time {
	seconds := f.number(expiresAt)
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

func (f *fields) absent(name string) {
	if v, there := f.item[name]; there {
		f.fail(fmt.Errorf("attribute %s: unexpected %T", name, v))
	}
}

func (f *fields) fail(err error) {
	if f.err == nil {
		f.err = err
	}
}

// all reads items one by one.
func all[T any](items []item, read func(item) (T, error)) ([]T, error) {
	list := make([]T, len(items))
	var failures error
	for n, it := range items {
		value, err := read(it)
		failures = errors.Join(failures, err)
		list[n] = value
	}
	if failures != nil {
		return nil, fmt.Errorf("read items: %w", failures)
	}
	return list, nil
}
