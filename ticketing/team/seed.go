package team

import (
	"context"

	"github.com/uptrace/bun"
)

// Seed stores the teams and queues that a new desk begins with; those that are
// there already stay as they are. The slugs are the ones categories name.
func Seed(ctx context.Context, db bun.IDB) error {
	teams, err := Teams(ctx, db)
	if err != nil || len(teams) > 0 {
		return err
	}
	service, err := AddTeam(ctx, db, Team{Slug: "layanan", Name: "Layanan warga"})
	if err != nil {
		return err
	}
	payment, err := AddTeam(ctx, db, Team{Slug: "pembayaran", Name: "Pembayaran"})
	if err != nil {
		return err
	}
	complaint, err := AddTeam(ctx, db, Team{Slug: "pengaduan", Name: "Pengaduan"})
	if err != nil {
		return err
	}
	queues := []Queue{
		{Slug: GeneralQueue, Name: "Umum", TeamID: service.ID},
		{Slug: "akun", Name: "Akun dan pendaftaran", TeamID: service.ID},
		{Slug: "pelatihan", Name: "Pelatihan", TeamID: service.ID},
		{Slug: "insentif", Name: "Insentif dan pembayaran", TeamID: payment.ID},
		{Slug: "pengaduan", Name: "Pengaduan", TeamID: complaint.ID},
	}
	for i, queue := range queues {
		queue.Sort, queue.AutoAccept, queue.RingSeconds, queue.WrapUpSeconds, queue.ShortAbandonSeconds = i+1, true, 20, 60, 5
		if _, err := AddQueue(ctx, db, queue); err != nil {
			return err
		}
	}
	return nil
}
