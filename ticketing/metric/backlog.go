package metric

// AgeBuckets counts open tickets by age since registration, by the calendar and
// never paused. The ranges are half-open: a ticket of exactly three days
// is in the second.
type AgeBuckets struct {
	Under3, From3To7, From7To14, From14 int64
}

// Add adds the tickets of another part of the backlog.
func (b *AgeBuckets) Add(other AgeBuckets) {
	b.Under3 += other.Under3
	b.From3To7 += other.From3To7
	b.From7To14 += other.From7To14
	b.From14 += other.From14
}
