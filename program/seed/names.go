package seed

import (
	"math/rand/v2"
	"strings"
)

// culture is where a name comes from. The lists hold common given names only,
// put together at random; none is taken from a register of people.
type culture struct {
	female, male, second string
	// single says how many people in a hundred have one name only.
	single int
	// language is the regional language of the province, spoken is how many in a
	// hundred prefer it.
	language string
	spoken   int
}

// cultureOf chooses by province code.
func cultureOf(province string) culture {
	switch province {
	case "11":
		return aceh()
	case "12":
		return batak()
	case "13":
		return minang()
	case "32", "36":
		return sunda()
	case "33", "34", "35":
		return jawa()
	case "51":
		return bali()
	case "53", "71", "81", "82", "91", "92", "93", "94", "95", "96":
		return timur()
	case "72", "73", "74", "75", "76":
		return bugis()
	case "62":
		return melayu("nij", 15)
	case "63":
		return melayu("bjn", 25)
	}
	return melayu("ind", 0)
}

func jawa() culture {
	return culture{single: 10, language: "jav", spoken: 22,
		female: "Sri Siti Endang Sulastri Wahyuni Lestari Puji Rini Retno Ningsih Wulan Dwi Tri Ratih Yuni Tutik Sumiati Partini Rahayu Indah Ayu Diah Nanik Umi Khotimah Nurul Anik Eni Sulis Titik",
		male:   "Agus Slamet Joko Bambang Eko Budi Sugeng Wahyu Hari Heru Tri Dwi Sutrisno Suyanto Mulyono Purnomo Rudi Yanto Arif Nur Edi Widi Catur Bagus Sigit Teguh Taufik Imam Gunawan Sumarno",
		second: "Lestari Setiawan Prasetyo Nugroho Handayani Utami Santoso Kurniawan Saputro Susanti Hidayat Wibisono Purnama Rahmawati Astuti Suryani Hartanto Wijayanti Pambudi Kusuma Puspita Yulianto Fitriani Mahendra Winarsih Setyawati Priyanto Cahyono Hapsari Wicaksono"}
}

func sunda() culture {
	return culture{single: 6, language: "sun", spoken: 22,
		female: "Neneng Euis Iis Ai Teti Yani Rini Lilis Imas Entin Ratna Dede Rina Nia Sari Siti Mimin Tuti Yuyun Elis Cucu Nunung Wiwin Heni Rosi Susi Rika Ani Yeti Popon",
		male:   "Asep Ujang Dadang Cecep Dede Deden Iwan Yayan Aep Encep Wawan Agus Tatang Endang Rudi Hendra Ade Yusuf Rahmat Jajang Ence Oman Nana Kosasih Rian Usep Dani Ridwan Aris Ganjar",
		second: "Komalasari Nurhayati Suryana Hidayat Permana Rosmiati Mulyana Sobandi Kurniasih Solihin Gumilar Sutisna Herlina Wiguna Suhendar Nurjanah Supriatna Rohaeti Kusnadi Maulana Firmansyah Ramdani Saepudin Karlina Rahayu Suparman Rukmana Anggraeni Hermawan Lasmana"}
}

func minang() culture {
	return culture{single: 5, language: "min", spoken: 20,
		female: "Yulia Rahmi Fitri Silvia Nofri Elvira Desi Yenni Welly Rina Reni Mira Sri Suci Dewi Lusi Novita Marlina Yosi Gusti Refni Nelvi Widya Rosita Wirda Hasna Zulfa Ermi Dona Susi",
		male:   "Zulkarnain Syafrizal Hendri Yulhendri Rizki Fauzan Ronal Doni Rahmat Ilham Afrizal Yusrizal Jefri Riko Nofrizal Budi Andi Deri Zulfikar Firdaus Masrizal Yose Harmen Syaiful Hafiz Edison Rinaldi Irwan Arman Ardi",
		second: "Yanti Putra Oktavia Rahman Saputra Gusman Amelia Syahrial Efendi Fitria Anwar Mardiah Hasan Yulita Ramadhan Syafril Nanda Zahara Jamil Marlis Kurnia Saleh Oktari Rusdi Yulianti Idris Permata Fauzi Ilyas Hanum"}
}

func batak() culture {
	return culture{single: 3, language: "bbc", spoken: 12,
		female: "Rotua Tiurma Lamria Mei Desi Roma Sondang Kristina Erna Melva Rosmaida Dewi Nova Yanti Lenni Santi Juliana Rina Marlina Debora Ester Ruth Lidia Murni Sartika Fitri Nurhaida Khairani Siti Rahma",
		male:   "Parlindungan Togar Binsar Marihot Sahat Ferry Hotman Jonathan Andreas Daniel Rudi Ramses Samuel Herman Poltak Bonar Robert Marulak Tigor Gunawan Ahmad Rizal Zainal Syahril Irfan Doni Benni Jhon Marlon Edward",
		second: "Simbolon Sihombing Hutagalung Manalu Sinaga Siregar Lubis Harahap Pasaribu Tampubolon Purba Damanik Saragih Ginting Tarigan Sembiring Rangkuti Batubara Daulay Ritonga Silaen Gultom Marbun Pardede Situmeang Nainggolan Hasibuan Tanjung Munthe Sagala"}
}

func aceh() culture {
	return culture{single: 8, language: "ace", spoken: 18,
		female: "Cut Nurhayati Rahmah Maulida Nurul Fitriani Aisyah Zahara Khairunnisa Mutia Rosmawar Yusnita Mariana Nurlaila Salwa Raudhah Safrida Eliza Nova Husna",
		male:   "Teuku Muhammad Zulkifli Iskandar Ridwan Fauzan Safrizal Munawir Ikhsan Rahmad Saifuddin Marzuki Fadli Mukhlis Taufik Hasbi Iqbal Bukhari Nasrun Azhari",
		second: "Zulkifli Ismail Yusuf Abdullah Ramadhani Husaini Mahdi Syahputra Maulana Rizki Sulaiman Jamaluddin Hasan Amin Ibrahim Nurdin Fitri Yahya Usman Daud"}
}

func bali() culture {
	return culture{single: 1, language: "ban", spoken: 14,
		female: "Ni-Luh Ni-Made Ni-Wayan Ni-Nyoman Ni-Ketut Ni-Kadek Ni-Komang Luh-Putu Desak-Made Ni-Putu",
		male:   "I-Wayan I-Made I-Nyoman I-Ketut I-Gede I-Kadek I-Komang Putu I-Putu Gede",
		second: "Ayu Pratiwi Suryani Adnyana Wirawan Suardana Astini Sudarma Widiastuti Arta Sukarini Mahendra Lestari Budiasa Puspa Darmawan Yuliani Suastika Parwata Artini Sutama Dewantara Megawati Arnawa Yasa Purnami Wirya Susanti Antara Kusuma"}
}

func bugis() culture {
	return culture{single: 9, language: "bug", spoken: 14,
		female: "Andi Besse Hasnah Nurlina Rosdiana Sitti Marlina Fatmawati Nurhidayah Hasriani Irmawati Rahmatia Suriani Kartini Hikmah Nuraeni Musdalifah Jumriani Mirnawati",
		male:   "Andi Muhammad Syamsuddin Baharuddin Rahmat Ambo Sulaeman Irwan Hasan Ridwan Akbar Ilham Kaharuddin Jamaluddin Asdar Muslimin Sudirman Takdir Firman Arifuddin",
		second: "Amir Rahman Hamid Tahir Saleh Idris Arsyad Hidayat Ramli Basri Nur Yusuf Kadir Maulana Said Ahmad Latif Bakri Dahlan Jufri Karim Mansur Anas Hafid Rauf"}
}

func timur() culture {
	return culture{single: 2, language: "ind", spoken: 0,
		female: "Maria Yohana Marlince Fransiska Agustina Yuliana Kristina Selvi Novita Elisabet Theresia Martha Yosina Dorkas Ferderika Debi Sarlota Regina Merry Orpa",
		male:   "Yohanes Petrus Markus Yosep Fransiskus Antonius Stefanus Melkias Yulius Daniel Benyamin Simon Alfons Matius Frits Ruben Marthen Otniel Gerson Elia",
		second: "Lobo Wanma Sroyer Tallo Manafe Rumbino Kambu Bria Seran Latuheru Pattiasina Ohoiwutun Yikwa Gombo Karoba Mote Kaize Balagaize Nahak Lette Bani Ullo Rumere Korwa Mandacan Lumi Tuwo Mamesah Rorimpandey Wowor"}
}

func melayu(language string, spoken int) culture {
	return culture{single: 7, language: language, spoken: spoken,
		female: "Nur Siti Aisyah Fitri Rina Yuliana Mariani Rahma Dewi Lina Hasanah Juriah Norhayati Rusmini Wati Linda Sarinah Jamilah Noor Mariatul Rohani Zubaidah Halimah Salmah Erni Mega Putri Intan Nadia Laila",
		male:   "Muhammad Ahmad Abdul Rahman Syahrul Hendra Rizky Andi Rudi Hasan Fahmi Ridho Irfan Yusuf Ilham Syamsul Zainuddin Fajar Reza Hadi Rusli Bahrudin Herman Dodi Fikri Arif Khairul Rizal Aditya Fadil",
		second: "Hidayat Saputra Rahman Fitriani Ramadhan Permatasari Maulana Kurniawan Hasanah Effendi Abdullah Wahyuni Firmansyah Anggraini Syahputra Lestari Hakim Putri Pratama Yusuf Safitri Alamsyah Rahmadani Oktaviani Hamzah Mulyadi Azizah Nasution Wijaya Jaya"}
}

// fullName puts one together; a hyphen in a list stands for a space.
func fullName(rng *rand.Rand, c culture, female bool) string {
	first := c.male
	if female {
		first = c.female
	}
	name := pick(rng, first)
	if rng.IntN(100) >= c.single {
		name += " " + pick(rng, c.second)
		if rng.IntN(4) == 0 {
			name += " " + pick(rng, c.second)
		}
	}
	words := strings.Fields(strings.ReplaceAll(name, "-", " "))
	kept := words[:0]
	for i, word := range words {
		if i == 0 || word != words[i-1] {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

// pick chooses one word of a list.
func pick(rng *rand.Rand, list string) string {
	words := strings.Fields(list)
	return words[rng.IntN(len(words))]
}
