// Package channels carries messages between the desk and the world, and is the
// lowest room: it knows addresses and deliveries, not people or cases.
//
// In: an Adapter proves and translates a webhook into Events; ClaimReceipt lets
// each of them count once; Outbox.ApplyStatus moves delivery states up;
// Windows notes when a citizen last wrote.
//
// Out: Outbox.Post passes a Draft through the gate and writes a row in the
// caller's transaction; Outbox.Wake, after the commit, hands the row to the
// queue; Sender renders, throttles, calls the Adapter and stores the outcome;
// Sweeper repairs what a lost task or a dead process left behind.
//
// The row is the outbox: Redis may lose every task and nothing is lost.
//
// Sub-rooms, each importing this package and none of its siblings unless said:
// attachment (files), spool (webhooks while PostgreSQL is away), twilio (client
// and signature; imported by whatsapp and sms), whatsapp, sms, webchat,
// channeltest (the suite every adapter passes). Leaves: bus, words, seal.
package channels
