package calendar

import "time"

// Kind tells the two sorts of days off apart.
type Kind string

// The kinds of the yearly joint decree of three ministers. Joint leave (cuti
// bersama) binds civil servants by a decree of its own; whether the desk takes
// it is a switch, see [Options].
const (
	National   Kind = "national"
	JointLeave Kind = "joint_leave"
)

// Holiday is one row of the list of days off. Rows are only ever added: when a
// decree is changed in mid-year, a row with a later ValidFrom speaks for the
// same day and kind from then on, and earlier computations stay explainable.
type Holiday struct {
	Date Date
	Kind Kind
	Name string

	// ValidFrom is when the row came into force; zero is always.
	ValidFrom time.Time

	// Withdrawn says that the day is worked after all: the decree took it
	// back, or it came with a list of days that are not off here.
	Withdrawn bool
}

// Decreed is the list of days off of a year as it was decreed, nil for a year
// that has no list yet. 2026: joint decree (SKB) numbers 1497, 2 and 5 of 2025.
func Decreed(year int) []Holiday {
	if year != 2026 {
		return nil
	}
	day := func(month time.Month, day int, kind Kind, name string) Holiday {
		return Holiday{Date: Date{2026, month, day}, Kind: kind, Name: name}
	}
	return []Holiday{
		day(time.January, 1, National, "Tahun Baru 2026 Masehi"),
		day(time.January, 16, National, "Isra Mikraj Nabi Muhammad saw."),
		day(time.February, 16, JointLeave, "Cuti bersama Tahun Baru Imlek"),
		day(time.February, 17, National, "Tahun Baru Imlek 2577 Kongzili"),
		day(time.March, 18, JointLeave, "Cuti bersama Hari Suci Nyepi"),
		day(time.March, 19, National, "Hari Suci Nyepi, Tahun Baru Saka 1948"),
		day(time.March, 20, JointLeave, "Cuti bersama Idulfitri"),
		day(time.March, 21, National, "Idulfitri 1447 Hijriah"),
		day(time.March, 22, National, "Idulfitri 1447 Hijriah"),
		day(time.March, 23, JointLeave, "Cuti bersama Idulfitri"),
		day(time.March, 24, JointLeave, "Cuti bersama Idulfitri"),
		day(time.April, 3, National, "Wafat Yesus Kristus"),
		day(time.April, 5, National, "Kebangkitan Yesus Kristus (Paskah)"),
		day(time.May, 1, National, "Hari Buruh Internasional"),
		day(time.May, 14, National, "Kenaikan Yesus Kristus"),
		day(time.May, 15, JointLeave, "Cuti bersama Kenaikan Yesus Kristus"),
		day(time.May, 27, National, "Iduladha 1447 Hijriah"),
		day(time.May, 28, JointLeave, "Cuti bersama Iduladha"),
		day(time.May, 31, National, "Hari Raya Waisak 2570 BE"),
		day(time.June, 1, National, "Hari Lahir Pancasila"),
		day(time.June, 16, National, "1 Muharam, Tahun Baru Islam 1448 Hijriah"),
		day(time.August, 17, National, "Proklamasi Kemerdekaan"),
		day(time.August, 25, National, "Maulid Nabi Muhammad saw."),
		day(time.December, 24, JointLeave, "Cuti bersama Natal"),
		day(time.December, 25, National, "Hari Raya Natal"),
	}
}
