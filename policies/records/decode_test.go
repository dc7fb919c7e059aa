package records

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// fill sets everything in a value to something that is not zero.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(noon))
		return
	case json.RawMessage:
		v.Set(reflect.ValueOf(json.RawMessage(`{"a":[1,"x"]}`)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0))
		fill(t, v.Index(1))
	case reflect.Array:
		v.Index(0).SetUint(7)
	case reflect.String:
		v.SetString("text with \"quotes\", \\ and é")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint64:
		v.SetUint(1 << 60)
	default:
		t.Fatalf("no value for %s", v.Type())
	}
}

// A member that is added to a decision must be added to the decoder as well.
func TestDecodeKnowsEveryMember(t *testing.T) {
	var r Record
	fill(t, reflect.ValueOf(&r).Elem())
	line, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(line)
	if err != nil || !reflect.DeepEqual(back, r) {
		t.Errorf("%s came back as %+v, %v", line, back, err)
	}
}

// Whatever Decode takes, encoding/json reads in the same way.
func FuzzDecode(f *testing.F) {
	var r Record
	fill(&testing.T{}, reflect.ValueOf(&r).Elem())
	for _, r := range []Record{r, {}, {Document: json.RawMessage("null")}} {
		line, err := Encode(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := Decode(line)
		if err != nil {
			return
		}
		var other Record
		if err := json.Unmarshal(line, &other); err != nil {
			t.Fatalf("%q is no JSON: %v", line, err)
		}
		a, errA := Encode(r)
		other.At, other.Decision.At = other.At.UTC(), other.Decision.At.UTC()
		for i := range other.Decision.Lists {
			other.Decision.Lists[i].AsOf = other.Decision.Lists[i].AsOf.UTC()
		}
		for i := range other.Decision.Needs {
			other.Decision.Needs[i].Until = other.Decision.Needs[i].Until.UTC()
		}
		b, errB := Encode(other)
		if errA != nil || errB != nil || string(a) != string(b) {
			t.Errorf("%q read as\n%s, %v\n%s, %v", line, a, errA, b, errB)
		}
	})
}
