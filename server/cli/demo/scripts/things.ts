// What is said about a laptop, a guitar and a three-wheeler.
import type { Script } from "../script.ts";

export const THINGS: Script[] = [
  {
    people: ["anisha", "nabin"],
    listing: "laptop",
    text: `
      11d 13:10
      anisha: Hi Nabin, is the ThinkPad good for video editing? Light stuff, reels and so on
      nabin: Hi! For 1080p yes, CapCut and DaVinci run fine. 4K will make you wait.
      anisha: 1080 is enough. Which generation i5?
      nabin: 11th gen, i5-1145G7, 16 GB soldered + free slot. You can go to 32 later.
      anisha: Battery health?
      nabin: 91%, I checked with the Lenovo app. Around 6 h of browsing.
      anisha: Keyboard ma Nepali sticker cha?
      nabin: Chaina, plain US. Backlight cha.
      anisha: Where did you buy it?
      nabin: Brought from Tokyo by my sister, 2022. So no local warranty, only 7 days checking warranty from me.
      anisha: Hmm no bill from Nepal then?
      nabin: I have the Japanese receipt and box. You can check the serial on Lenovo's site: PF-3XXXX, I'll show the full one when we meet
      anisha: Ok. Is 60k possible?
      nabin: I'd go 65, with the charger, a 65 W spare and a sleeve.
      10d 20:30
      anisha: My budget is really 62 😬
      nabin: Student?
      anisha: Last semester BBA
      nabin: Ok ok, 63 for a student. I was one too 😄
      anisha: Yayy thank you dai
      5d 15:00
      nabin: Sanchai? Still interested? Someone from Pokhara is asking
      anisha: Yes!! Waiting for my salary on the 25th, can you keep it until then?
      nabin: Sure, 25th it is. I'll meet you at the café under Bhatbhateni Maharajgunj, they have sockets so you can test it
      anisha: Perfect, see you there 🙌
    `,
  },
  {
    people: ["anisha", "bikash"],
    listing: "guitar",
    unread: { anisha: 1 },
    text: `
      7d 21:05
      anisha: Dai guitar cha? For my little brother's birthday 🎸
      bikash: Cha cha! F310, 2 barsa purano, action low garayeko cha so beginner lai sajilo
      anisha: Bag pani?
      bikash: Bag, capo, ek set naya strings, ani pick jati ni 😄
      anisha: Any crack?
      bikash: Crack chaina. Pachadi sano dent cha, sound ma farak pardaina. Video pathau?
      anisha: Tell me where you live instead, I will come and try. I know three chords haha
      bikash: Boudha, Phulbari gate. G C D bhaye 200 ota geet aaucha 😂
      6d 08:50
      anisha: 12k ok?
      bikash: 13,500 last. Naya ma 21 parcha ahile
      anisha: 13 and I take it this week
      bikash: Huncha, bhai ko birthday bhanera 13 🎁
      3d 19:30
      anisha: Bholi 5 baje aauda huncha?
      bikash: Bholi gig cha Thamel ma. Parsi?
      anisha: Parsi milcha
      210m
      anisha: Dai aaja 5 baje Boudha aaudai chu hai
      bikash: Ok! Stupa ko gate ma pugera msg garnu, 2 min ma aauchu
    `,
  },
  {
    people: ["kamala", "hari"],
    listing: "tempo",
    text: `
      18d 07:30
      kamala: दाइ नमस्ते, सफा टेम्पो बेच्ने हो? मेरो भाइले चलाउन खोजेको।
      hari: नमस्ते कमला बहिनी। हो, उमेरले अब सकिन, बेच्छु भनेको।
      kamala: ब्याट्री कहिले फेरेको?
      hari: गएको मंसिरमा, ट्रोजनको १२ वटा। १ लाख ९० हजार परेको थियो।
      kamala: एक चार्जमा कति चल्छ?
      hari: ६०-६५ किलोमिटर। दिनको दुई फेर ब्याट्री साट्यो भने १२ ट्रिप पुग्छ।
      kamala: रुट पर्मिट कहाँको हो?
      hari: रत्नपार्क–कोटेश्वर। पर्मिट असोजसम्म छ, नवीकरण सजिलै हुन्छ।
      kamala: भाइ भोलि आउँदा चलाएर हेर्न मिल्छ?
      hari: मिल्छ, बिहान ६ बजे सिनामंगलको चार्जिङ स्टेसनमा आउनू।
      17d 09:40
      kamala: भाइलाई मन पर्‍यो दाइ। स्टेयरिङ अलि गह्रौं छ भन्यो।
      hari: किङपिनमा ग्रिज हाले हल्का हुन्छ, त्यो म गरिदिन्छु।
      kamala: पैसाको कुरा, ६ लाखमा मिल्दैन?
      hari: ब्याट्री नै दुई लाखको छ नि बहिनी। ६ लाख ३० सम्म गर्छु।
      kamala: सहकारीमा ऋणको निवेदन हालेको छ, १५ दिनमा आउँछ रे।
      hari: तबसम्म म चलाउँदै गर्छु, हतार छैन।
      3d 16:50
      kamala: दाइ, ऋण पास भयो! 🎉
      hari: बधाई छ। आइतबार यातायात कार्यालय जाऔं, भाइको लाइसेन्स तीन पांग्रेको हो नि?
      kamala: हो, गत वर्षै निकालेको।
      hari: बस्, अरू केही चाहिँदैन। भाइलाई सुरुमा बिस्तारै चलाउनू भन्नू 🙂
    `,
  },
  {
    people: ["suman", "hari"],
    listing: "tempo",
    text: `
      15d 08:20
      suman: हरि दाइ, टेम्पोको चेसिस नम्बर र दर्ता साल पठाइदिनुस् न।
      hari: दर्ता २०७४ साल। चेसिस नम्बर ब्लुबुकमै छ, भेटेर देखाउँला, यसरी नपठाऔं।
      suman: हुन्छ हुन्छ, बुझें। ५ लाख ५० मा कुरा मिल्ला?
      hari: त्यतिमा दिन मिल्दैन भाइ। एक जना बहिनी ६ लाख ३० मा लिने पक्का जस्तै छ।
      suman: ए, त्यसो भए ठिकै छ। नलिए खबर गर्नुस् है।
      hari: गर्छु।
    `,
  },
];
