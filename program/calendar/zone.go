package calendar

import "time"

// Zone is one of the three civil times of Indonesia, by the name people know
// it by. None has daylight saving, so each is a fixed distance from UTC.
type Zone string

// The zones after Presidential Decree (Keppres) 41 of 1987.
const (
	WIB  Zone = "WIB"  // western, UTC+7: deadlines and "today" run in it
	WITA Zone = "WITA" // central, UTC+8
	WIT  Zone = "WIT"  // eastern, UTC+9
	UTC  Zone = "UTC"  // for arithmetic that must not depend on a place
)

// Offset is how far the clocks of the zone are ahead of UTC; an unknown zone
// counts as UTC.
func (z Zone) Offset() time.Duration {
	switch z {
	case WIB:
		return 7 * time.Hour
	case WITA:
		return 8 * time.Hour
	case WIT:
		return 9 * time.Hour
	default:
		return 0
	}
}

// Location is the zone for package time. It needs no zone files on the machine.
func (z Zone) Location() *time.Location {
	switch z {
	case WIB:
		return wib
	case WITA:
		return wita
	case WIT:
		return wit
	default:
		return time.UTC
	}
}

// The locations are built once, since every step of a calculation asks for one.
// They are never changed.
var (
	wib  = time.FixedZone(string(WIB), int(WIB.Offset()/time.Second))
	wita = time.FixedZone(string(WITA), int(WITA.Offset()/time.Second))
	wit  = time.FixedZone(string(WIT), int(WIT.Offset()/time.Second))
)
