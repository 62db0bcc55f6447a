// What is said to the seller about his motorcycle and his phone.
import type { Script } from "../script.ts";

export const SHOP: Script[] = [
  {
    people: ["anisha", "rajesh"],
    listing: "pulsar",
    unread: { anisha: 2 },
    text: `
      12d 18:42
      anisha: Namaste! Is the Pulsar still available?
      rajesh: नमस्ते अनिशा जी 🙏 हजुर, अझै छ।
      anisha: Kati km chaleko ho?
      rajesh: ३१,४०० किमी। सुरुदेखि म आफैंले चलाएको, अरूको हातमा गएको छैन।
      anisha: Ok. Bluebook and tax?
      rajesh: ब्लुबुक मेरै नाममा छ। यो सालको कर तिरिसकेको, बीमा पनि पुस मसान्तसम्म चल्छ।
      anisha: Nice. Any accident? Please be honest, it's my first bike 😅
      rajesh: ठूलो केही भएको छैन। एकपटक कलंकीमा रोकिएको ठाउँमै लडेको थियो, बायाँपट्टि इन्डिकेटर र क्र्यास गार्डमा कोरिएको छ। फोटोमा देखिन्छ।
      anisha: I saw the scratch, thank you for saying it
      11d 08:15
      anisha: Good morning. What is your last price?
      rajesh: शुभ प्रभात। राखेको २,३५,००० हो, हेरेर मन परे मिलाउँला।
      anisha: 2 lakh ma huncha?
      rajesh: त्यतिमा त मिल्दैन बहिनी 😄 भर्खरै दुइटै टायर र चेन-सेट फेरेको, २२ हजार त त्यसैमा गयो।
      anisha: Bill cha tyo ko?
      rajesh: छ, सर्भिसिङको बिल पनि सबै राखेको छु। आउँदा लिएर आउँछु।
      anisha: Hasn't the price of new ones dropped? My dai says 2.1 is fair for a 2019
      rajesh: नयाँको भाउ त झन् बढेको छ। तर तपाईं साँच्चै लिने हो भने २,२५,००० सम्म गर्न सक्छु, त्योभन्दा तल सक्दिनँ।
      anisha: Let me think about it and talk at home
      rajesh: हुन्छ, हतार छैन।
      6d 19:20
      anisha: Sorry for the late reply, exams. Still there?
      rajesh: छ छ। एक जना आएर हेरेर गए, बैना दिएका छैनन्।
      anisha: Can I see it on Saturday? I will bring my dai, he knows bikes
      rajesh: शनिबार मिल्छ। म लगनखेल बस्छु, तर रत्नपार्कतिर काम छ, त्यहीँ भेटौं न।
      anisha: Ratna Park is easy for us. Which gate?
      rajesh: शान्ति वाटिकाको गेट अगाडि, बिहान ११ बजे।
      anisha: 11 is good 👍
      rajesh: टेस्ट राइड गर्ने भए लाइसेन्स लिएर आउनुहोला है।
      anisha: Dai ko license cha, malai chai trial baki nai cha 🙈
      3d 10:48
      anisha: We are at the gate, blue jacket
      rajesh: ५ मिनेट, जमलको जाममा छु
      anisha: No problem
      3d 16:05
      anisha: Thank you for waiting today. Dai liked the engine, he only says the rear brake pad is finished
      rajesh: ब्रेक प्याड म फेरिदिन्छु, ८०० को कुरा हो।
      anisha: With new pads, 2,20,000 and I pay the same day?
      rajesh: अब के भन्नु 😅 हुन्छ, २,२०,००० फाइनल। नामसारीको खर्च आधा-आधा।
      anisha: Deal! 🎉 Half half is fair
      1d 09:30
      rajesh: नामसारीका लागि चाहिने कागज:
      | १. नागरिकताको फोटोकपी, दुवैको
      | २. ब्लुबुक सक्कल
      | ३. पासपोर्ट साइजको फोटो २/२ प्रति
      | ४. कर तिरेको रसिद
      anisha: Got it. My citizenship is from Bhojpur, is that a problem?
      rajesh: पर्दैन, जहाँको भए पनि हुन्छ। एकान्तकुना यातायातमा गर्ने हो।
      52m
      anisha: I can come to Ekantakuna on Sunday at 10. Payment by connectIPS ok? Bank app limit is 2 lakh per day
      anisha: baki 20 cash dinchu
      11m
      rajesh: हुन्छ, २ लाख कनेक्ट आईपीएस अनि २० हजार नगद।
      rajesh: ब्रेक प्याड आजै फेरें, बिल यहीँ राखेको छु। आइतबार १० बजे भेटौंला 👍
    `,
  },
  {
    people: ["daniel", "rajesh"],
    listing: "pulsar",
    unread: { rajesh: 1 },
    text: `
      9d 13:05
      daniel: Namaste! I'm looking for a bike for six months, is this one still for sale?
      rajesh: Namaste, yes available. You are in Kathmandu?
      daniel: Yes, living in Jhamsikhel until April. Would you take 150,000?
      rajesh: Sorry sir, 150 not possible. Price is 235, little negotiable only.
      daniel: Fair enough, worth asking :)
      daniel: As a foreigner can I even have it in my name?
      rajesh: With tourist visa no. With business or working visa it is possible, you ask at the transport office Ekantakuna.
      daniel: I'm on a working visa. Would you also rent it?
      rajesh: Renting I don't do, if accident happens the bluebook is in my name.
      daniel: Makes sense, thanks for the honest answer
      4d 17:40
      daniel: Hi again. I could go up to 210,000 if it's still there
      rajesh: One girl is coming to see it on Saturday. If she does not take, I will message you.
      daniel: Understood. Fingers crossed for me, not for her 😉
      rajesh: 😄
      95m
      daniel: Hi Rajesh ji, any news about the Pulsar?
    `,
  },
  {
    people: ["bikash", "rajesh"],
    listing: "pulsar",
    archivedBy: ["rajesh"],
    text: `
      19d 20:11
      bikash: Dai pulsar ko last kati ho?
      rajesh: नमस्ते भाइ, २,३५,०००। हेरेर कुरा गरौंला।
      bikash: Exchange huncha? Mero Apache 160 cha 2016 ko, mathi ko paisa thapidinchu
      rajesh: एक्सचेन्ज गर्दिनँ भाइ, नगदै चाहिएको हो।
      bikash: Kina bechna lagnu bhako?
      rajesh: छोरी स्कुल जान थाली, अब स्कुटर किन्ने भन्छन् घरमा 😄
      bikash: Haha bujhe. EMI ma milna sakcha? 1 lakh ahile, baki 5 mahina ma
      rajesh: माफ गर्नुस्, किस्तामा मिल्दैन।
      bikash: Thikai cha dai, Apache bikyo bhane contact garchu
      rajesh: हुन्छ, शुभकामना छ।
    `,
  },
  {
    people: ["pooja", "rajesh"],
    listing: "iphone",
    unread: { rajesh: 3 },
    text: `
      5d 12:20
      pooja: Hello, is the iPhone 13 original or refurbished?
      rajesh: नमस्ते। ओरिजिनल हो, बक्स र बिलसहित। एभोस्टोरबाट किनेको।
      pooja: Battery 87 original battery ho?
      rajesh: हो, खोलेको छैन। एप्पलकै ब्याट्री।
      pooja: Face ID works? And True Tone?
      rajesh: दुवै चल्छ। आईक्लाउड पनि लगआउट गरेर दिन्छु, अगाडि नै राखेर चेक गर्न सक्नुहुन्छ।
      pooja: MDMS ma registered cha?
      rajesh: छ, आईएमईआई पठाउँछु, आफैं चेक गर्नुस्।
      pooja: Ok send
      rajesh: 35 209900 176148 1
      pooja: Checked, registered 👍 65 ma dinuhuncha?
      rajesh: ७२ राखेको, ७० मा मिलाउँछु।
      pooja: 68 last, aaja nai linchu
      rajesh: ६९ गरौं न, कभर र टेम्पर्ड ग्लास पनि दिन्छु।
      pooja: Done 😊
      4d 09:02
      rajesh: आज भेट्ने हो?
      pooja: Aaja office ma phasey, sorry! Bholi?
      rajesh: भोलि म भक्तपुर जान्छु। बरु अरूले मागिरहेका छन्, ५ हजार बैना हालिदिनुस्, राखिदिन्छु।
      pooja: Ok eSewa number?
      rajesh: यही नम्बर: 98400 00000
      pooja: Pathaye, check garnu na
      rajesh: आयो, धन्यवाद। ‘आरक्षित’ गरिदिएँ।
      130m
      pooja: Hi! I am free today after 5:30
      pooja: Labim Mall ko agadi milcha?
      pooja: Ani warranty card pani lyaidinu hai please
    `,
  },
  {
    people: ["rajesh", "suman"],
    listing: "land",
    text: `
      16d 11:30
      rajesh: सुमन जी नमस्ते। बुढानीलकण्ठको जग्गाको बारेमा बुझ्न खोजेको।
      suman: नमस्ते राजेश जी। भन्नुस् न, के बुझ्न चाहनुहुन्छ?
      rajesh: मोहडा कता हो? अनि बाटो साँच्चै १३ फिट छ कि नक्सामा मात्र?
      suman: पूर्व मोहडा। बाटो नापेरै १३ फिट छ, गाडी घडेरीसम्मै पुग्छ।
      rajesh: ढल र खानेपानी?
      suman: ढल आइसक्यो। मेलम्चीको पाइप अगाडिको बाटोसम्म आएको छ, धारा जोड्न बाँकी।
      rajesh: प्रति आना ३५ लाख अलि महँगो भएन र? माथि नारायणथानतिर ३० मै पाइन्छ भन्छन्।
      suman: त्यहाँ ८ फिटको बाटो हो हजुर। यहाँबाट चक्रपथ १२ मिनेट। हेरेर कुरा गरे राम्रो।
      15d 18:10
      rajesh: लालपुर्जा कसको नाममा छ?
      suman: बुबाको नाममा। अंशियार हामी दुई भाइ, दुवैको मन्जुरी छ।
      rajesh: धितो राखेको त छैन?
      suman: २०७८ मा बैंकमा राखेको थियो, फुकुवा भइसक्यो। फुकुवाको चिठी पनि छ।
      rajesh: एक प्रति लालपुर्जा र ब्लु-प्रिन्ट नक्साको फोटोकपी पाए वकिललाई देखाउँथें।
      suman: हुन्छ, मालपोत कार्यालय चाबहिलमै आउनुस्, त्यहीँ दिउँला। कित्ता नं. पनि त्यहीँ हेरौं।
      8d 17:25
      suman: वकिलले के भने त?
      rajesh: कागज ठीक छ भने। तर जग्गाको कुनामा बिजुलीको पोल छ रे, त्यो सार्न मिल्छ?
      suman: प्राधिकरणमा निवेदन दिएको छु, असार भित्र सार्छन्।
      rajesh: त्यसो भए १ करोड ३० लाखसम्म सोच्न सक्छु।
      suman: बुबासँग सल्लाह गर्छु, तर १ करोड ३५ भन्दा तल गाह्रो छ।
      rajesh: सल्लाह गर्नुस्, म पनि बैंकमा कुरा गर्दै छु।
      2d 08:40
      suman: बुबाले १ करोड ३४ मा चित्त बुझाउनुभयो।
      rajesh: धन्यवाद सुमन जी। एक हप्ताको समय दिनुस्, कर्जा स्वीकृत भएपछि बैना गरौंला।
      suman: हुन्छ हजुर 🙏
    `,
  },
];
