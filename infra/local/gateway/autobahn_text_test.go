package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
)

// echo is a function of a two-way route that returns the message.
func echo(_ context.Context, _ string, payload []byte) ([]byte, error) {
	var e struct{ Body string }
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"statusCode": 200, "body": e.Body})
}

// TestAutobahn_6_text is the suite's section on UTF-8, after Markus Kuhn's decoder stress test.
func TestAutobahn_6_text(t *testing.T) {
	const kosme = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"
	cases := []autobahn{
		{id: "6.1.1", sends: []wire{text("")}, texts: []string{""}},
		{id: "6.1.2", sends: []wire{first(""), more(""), last("")}, texts: []string{""}},
		{id: "6.1.3", sends: []wire{first(""), more("middle frame payload"), last("")}, texts: []string{"middle frame payload"}},
		{id: "6.2.1", sends: []wire{text("Hello-" + kosme + "!!")}, texts: []string{"Hello-" + kosme + "!!"}},
		{id: "6.2.2", sends: []wire{first("Hello-\xce\xba\xe1\xbd\xb9"), last("\xcf\x83\xce\xbc\xce\xb5!!")}, texts: []string{"Hello-" + kosme + "!!"}},
		{id: "6.2.3 and 6.2.4", sends: inParts("Hello-"+kosme+"!!", 1), texts: []string{"Hello-" + kosme + "!!"}},
		{id: "6.3.1", sends: []wire{text(kosme + "\xed\xa0\x80edited")}, code: 1007},
		{id: "6.3.2", sends: inParts(kosme+"\xed\xa0\x80edited", 1), code: 1007},
		{id: "6.4.1", sends: []wire{first(kosme), more("\xf4\x90\x80\x80"), last("edited")}, code: 1007},
		{id: "6.4.2", sends: []wire{first(kosme + "\xf4"), more("\x90"), last("\x80\x80edited")}, code: 1007},
	}
	for n, valid := range []string{
		kosme, "\x00", "\xc2\x80", "\xe0\xa0\x80", "\xf0\x90\x80\x80", // 6.5 and 6.7, first of each length
		"\x7f", "\xdf\xbf", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf", // 6.9, last of each length
		"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbd", "\xf3\xbf\xbf\xbd", // 6.11, around the surrogates
		"\xef\xbf\xbe", "\xf0\x9f\xbf\xbe", "\xf4\x8f\xbf\xbe", "\xef\xb7\x90", // 6.22, not characters and yet code points
		"\xef\xbb\xbf", "\xef\xbf\xb9", "\xe2\x80\xa8", // 6.23, specials
	} {
		cases = append(cases, autobahn{id: fmt.Sprintf("6, valid text %d", n+1), sends: []wire{text(valid)}, texts: []string{valid}},
			autobahn{id: fmt.Sprintf("6, valid text %d in frames of a byte", n+1), sends: inParts(valid, 1), texts: []string{valid}})
	}
	for n, bad := range []string{
		"\xce", "\xce\xba\xe1", "\xce\xba\xe1\xbd", "\xce\xba\xe1\xbd\xb9\xcf", // 6.6, cut
		"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", // 6.8, five and six bytes
		"\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf\xbf", "\xf4\x90\x80\x80", // 6.10 and 6.11, past the last
		"\x80", "\xbf", "\x80\xbf", "\x80\xbf\x80\xbf\x80", // 6.12, continuation bytes
		"\xc0 \xc1 \xc2 ", "\xe0 \xe1 ", "\xf0 \xf1 ", "\xf8 \xf9 ", "\xfc \xfd ", // 6.13, starts without an end
		"\xc0", "\xe0\x80", "\xf0\x80\x80", "\xdf", "\xef\xbf", "\xf7\xbf\xbf", // 6.14, incomplete
		"\xc0\xe0\x80\xf0\x80\x80\xf8\x80\x80\x80\xfc\x80\x80\x80\x80", // 6.15, all of these
		"\xfe", "\xff", "\xfe\xfe\xff\xff", // 6.16
		"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", // 6.17, longer than need be
		"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", // 6.18
		"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", // 6.19, NUL in many bytes
		"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xb0\x80", "\xed\xbf\xbf", // 6.20, surrogates
		"\xed\xa0\x80\xed\xb0\x80", "\xed\xaf\xbf\xed\xbf\xbf", // 6.21, in pairs
	} {
		cases = append(cases, autobahn{id: fmt.Sprintf("6, bad text %d", n+1), sends: []wire{text(bad)}, code: 1007})
	}
	checkAutobahn(t, cases)
}
