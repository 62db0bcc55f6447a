// What friends say: two plain conversations and two groups.
import type { Script } from "../script.ts";

export const FRIENDS: Script[] = [
  {
    people: ["pooja", "anisha"],
    text: `
      15d 21:10
      pooja: Oiii k cha
      anisha: Thikai 😴 assignment le marne bhayo. Timi?
      pooja: Office. Boss le feri 6 baje meeting rakhyo
      anisha: 6 baje?? criminal
      pooja: ikr. Btw flat hunting kasto hudai cha?
      anisha: Baneshwor ma euta herna jane bholi-parsi. 24k, dui kotha, pani cha!!
      pooja: PANI CHA 😭 that's the dream
      anisha: Timi ni aauna herna, 8 baje samma basdaina office ma
      14d 20:40
      anisha: So. Verdict?
      pooja: I want that kitchen. And the dog.
      anisha: The dog is not included in the rent 😂
      pooja: We'll see about that
      9d 13:55
      pooja: Momo today? New place in Jhamsikhel, jhol momo 180
      anisha: Yes yes yes. 5:30?
      pooja: 6, boss 🙃
      anisha: Criminal.
      4d 22:15
      anisha: I think I'm buying the Pulsar
      pooja: You can't ride
      anisha: Details!! Dai le sikaucha, trial is next month
      pooja: Helmet first, then bike. I'm serious
      anisha: Mummy jasto nagara na 😆 ok ok helmet first
      pooja: Good girl. By the way I'm buying an iPhone from the same dai I think, Rajesh? He seems decent
      anisha: Yes same! He told me about a scratch before I asked
      1d 10:45
      pooja: Shifting ko lagi boxes kati chahincha? Office bata 10 ota lyauna sakchu
      anisha: 10 is perfect, you are the best ❤️
      pooja: I know 💅
    `,
  },
  {
    people: ["prakash", "rajesh"],
    text: `
      13d 15:20
      prakash: Namaste Rajesh ji, Prakash here from the marketplace. Your Pulsar ad shows the number plate in two photos, would you like us to blur it?
      rajesh: नमस्ते प्रकाश जी। हजुर, छोपिदिनुस् न, मलाई आउँदैन।
      prakash: Done. Also please write “first owner” only if the bluebook says so 🙂
      rajesh: ब्लुबुकमा मेरै नाम मात्र छ, चाहे फोटो पठाइदिन्छु।
      prakash: No need, thank you. One more thing: never send anyone a code you receive by SMS, we had reports of fake buyers this week.
      rajesh: राम्रो भयो भनिदिनुभयो। एक जनाले हिजो ‘एस्क्रो’ को लिङ्क पठाएको थियो, खोलिनँ।
      prakash: Well done. Please forward me that link's sender name, we will close the account.
      rajesh: नाम ‘Army Officer Transfer’ लेखेको थियो।
      prakash: Closed. धन्यवाद!
      6d 11:35
      rajesh: प्रकाश जी, बिक्री भएपछि विज्ञापन कसरी हटाउने?
      prakash: On your ad, press “Sold”. It stays visible to the people you talked with, nobody else finds it.
      rajesh: ए सजिलो रहेछ। हुन्छ।
    `,
  },
  {
    people: ["rajesh", "hari", "kamala", "sita", "prakash", "anisha"],
    title: "चिया समूह ☕",
    unread: { anisha: 3, sita: 5 },
    mutedBy: ["rajesh"],
    text: `
      20d 06:50
      rajesh: शुभ प्रभात सबैलाई! शनिबार बिहानको चियाका लागि समूह बनाएँ ☕
      hari: शुभ प्रभात। राम्रो गर्‍यौ राजेश।
      kamala: आहा, अब फोन गरिरहनु परेन 😄
      sita: कहाँ जाने त यो शनिबार?
      rajesh: पाटन दरबार स्क्वायर, कृष्ण मन्दिर अगाडिको पसल, ७ बजे।
      hari: मेरो त ६ बजे नै आँखा खुल्छ, अलि चाँडो गरौं न
      kamala: दाइ, हामी मान्छे हौं, कुखुरा होइनौं 🐓
      hari: 😂😂
      prakash: I will come, if somebody promises sel roti
      sita: सेल रोटी म ल्याउँछु!
      18d 12:05
      kamala: आजको चिया मीठो थियो, बिल कसले तिर्‍यो?
      rajesh: हरि दाइले 🙏
      hari: अर्को पटक प्रकाशको पालो
      prakash: Noted, with sel roti tax
      13d 20:30
      rajesh: अनिशा बहिनी पनि चियाको सौखिन रहिछन्, थप्दै छु है।
      rajesh + anisha
      sita: स्वागत छ अनिशा! हाम्रो घरमा बस्न आउने बहिनी ❤️
      anisha: नमस्ते सबैलाई 🙏 Chiya ko naam ma aaye, sel roti ko lagi baschu 😄
      kamala: मन मिल्ने मान्छे आइन् 😂
      11d 19:00
      hari: यो शनिबार पानी पर्छ रे, के गर्ने?
      sita: पानीमा चिया झन् मीठो। हाम्रो बरण्डामा आउनुस् सबै।
      rajesh: त्यही हुन्छ। म पकौडाको बेसन ल्याउँछु।
      anisha: Ma adrak ra tulsi lyauchu 🌿
      prakash: And I bring the tax
      9d 10:30
      kamala: सीता दिदीको बरण्डा त ५ तारे होटलभन्दा राम्रो!
      hari: पकौडा सकिनुअघि म पुगिनँ, अन्याय भयो।
      rajesh: ढिलो आउनेलाई चिया मात्र 😌
      4d 18:20
      sita: भोलिको लागि कप १० वटा पुग्छ?
      prakash: My sister joins too, so 11
      sita: ल, गिलास पनि छन् 😊
      1d 19:10
      rajesh: भोलि नौलो ठाउँ: स्वयम्भूको पछाडि, राष्ट्रिय संग्रहालय नजिक। पार्किङ पनि छ।
      100m
      hari: आज म टेम्पो लिएर आउँछु, अन्तिम पटक होला 🙂
      kamala: दाइको टेम्पो अब मेरो भाइको, चढ्न त पाइहाल्नुहुन्छ नि!
      prakash: A historic ride. I'll take the photo.
      hari: फोटोमा मलाई पनि राख ल 😄
      rajesh: ल ढिलो नगर्नुस्, पानी उम्लिसक्यो ☕
    `,
  },
  {
    people: ["emma", "anisha", "daniel", "bikash", "pooja", "nabin"],
    title: "Saturday hiking 🥾",
    unread: { anisha: 4, pooja: 2 },
    mutedBy: ["anisha"],
    text: `
      19d 19:40
      emma: Hello hikers! One last big walk before we fly home. Shivapuri or Phulchoki?
      daniel: Shivapuri, please. My knee votes against Phulchoki.
      bikash: Shivapuri! Bagdwar samma jaam, pani ko mul herna
      pooja: How many hours? Honest answer, not Bikash answer
      bikash: 3 ghanta 😇
      daniel: So five.
      pooja: 😂 I'm in
      anisha: Me too! What time and where?
      emma: Budhanilkantha gate at 6:30. Tickets are 100 for Nepalis, 600 for us.
      daniel: The price of a Scottish passport
      emma: I asked Nabin to join, he knows the way to the nunnery.
      emma + nabin
      nabin: Namaste! Yes, Nagi Gompa first, then the ridge. Bring a jacket, it's 8 degrees up there
      pooja: 8!! 🥶
      16d 17:55
      nabin: Everybody home safe?
      anisha: Home, showered, can't move my legs
      bikash: 3 ghanta bhaneko thiye, 6 ghanta bhayo. Sorry haha
      daniel: 6 h 40 min. I have a witness (my knee).
      emma: Best day. That view of Ganesh Himal 😍
      pooja: Bikash is not allowed to estimate anything ever again
      12d 20:20
      emma: We have landed, it's raining, of course. I stay in this group to be jealous!
      anisha: We miss you already 💔
      6d 18:40
      daniel: This Saturday: Chandragiri? We could walk up and take the cable car down
      nabin: Good plan. From Thankot 2.5–3 h, steady climb.
      pooja: Cable car kati parcha ek way?
      nabin: 450 I think, for Nepalis
      bikash: Ma guitar lyauchu top ma
      anisha: You are selling it to me this week, hello?? 😅
      bikash: Farewell concert ho tyo
      1d 15:30
      nabin: Weather for Saturday: clear till 2 pm, then clouds. Start early, 6:00 at Kalanki?
      170m
      daniel: 6:00 at Kalanki works. I bring bananas and biscuits
      pooja: I bring complaints and tea
      bikash: 2 ghanta ma pugincha 😇
      emma: Nobody believe him!!
    `,
  },
];
