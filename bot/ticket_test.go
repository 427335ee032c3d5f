package bot_test

import (
	"context"
	"strings"
	"testing"

	"sapa/program/access"
	"sapa/ticketing"
)

// Whoever is proved reads how their report stands and by when it is answered;
// from an answered one the button reopens, by the desk and not by the bot.
func TestTellsHowAReportStandsAndOffersToReopenIt(t *testing.T) {
	t.Parallel()
	k, who := begin(t), persona(t, "returned_name")
	ctx := context.Background()
	agent, no := k.world.Staff(access.Agent), false
	made, err := k.world.Desk.Register(ctx, agent.Actor(), ticketing.Registration{
		Conversation: k.world.Citizen().Waiting(), Participant: string(who.ID), Category: "incentive.status", Oversight: &no, Text: "belum cair",
	})
	if err != nil {
		t.Fatal(err)
	}
	k.says("bagaimana status pengaduan saya")
	k.presses("bot.record", "Lihat data saya")
	k.says("0" + strings.TrimPrefix(who.Phone, "+62"))
	k.wants(k.says("kodenya "+k.code()), made.Ticket.Number, "paling lambat 11 Desember 2026")
	act := func(what ticketing.TicketAct, fields map[string]string) {
		t.Helper()
		view, err := k.world.Desk.Ticket(ctx, agent.Actor(), made.Ticket.Number)
		if err == nil {
			_, err = k.world.Desk.Act(ctx, agent.Actor(), ticketing.TicketRequest{Ticket: view.ID, Act: what, Version: view.Version, Fields: fields})
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	if made.Ticket.State == ticketing.TicketNew {
		verifier := k.world.Staff(access.Verifier)
		_, err := k.world.Desk.Act(ctx, verifier.Actor(), ticketing.TicketRequest{Ticket: made.Ticket.ID, Act: ticketing.ActVerify, Version: made.Ticket.Version})
		if err != nil {
			t.Fatal(err)
		}
		act(ticketing.ActAccept, nil)
	}
	act(ticketing.ActResolve, map[string]string{"outcome": "information_given", "root_cause": "processing_delay", "public_answer": "Sudah dikirim."})
	k.wants(k.says("status pengaduan saya"), made.Ticket.Number, "[Belum selesai]", "/complaints/track?n="+made.Ticket.Number)
	_, err = k.world.Desk.VisitorMessage(ctx, k.world.Chat, k.who.Point, ticketing.VisitorMessage{
		Echo: "buka", Text: "Belum selesai", Button: ticketing.PressReopen + made.Ticket.Number,
	})
	if err != nil {
		t.Fatal(err)
	}
	view, err := k.world.Desk.Ticket(ctx, agent.Actor(), made.Ticket.Number)
	if err != nil || view.State != ticketing.TicketInProgress || view.ReopenCount != 1 {
		t.Fatalf("got %s, %d, %v", view.State, view.ReopenCount, err)
	}
	if last := view.History[len(view.History)-1]; last.Role != ticketing.RoleReporter {
		t.Errorf("reopened by %s", last.Role)
	}
}
