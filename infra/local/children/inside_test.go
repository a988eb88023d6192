package children

import (
	"strings"
	"testing"
)

func TestFindDynoxide_elsewhere(t *testing.T) {
	_, err := findDynoxide(t.TempDir(), "darwin/arm64")
	if want := "runs on linux/amd64 only, this is darwin/arm64: point AWS_ENDPOINT_URL_DYNAMODB at another"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("findDynoxide() = %v, want %q", err, want)
	}
}
