# العربية. رسائل إلى الموقّعين، والصفحات التي تقود إليها روابطها.

## The e-mail that asks

confirm-subject = يُرجى التأكيد: { $title }
confirm-why = أعطى أحدهم، ونرجو أن تكون أنت، هذا العنوان لتوقيع «{ $title }»:
confirm-act = إن كنت أنت، فيُرجى التأكيد. لا يُحتسب التوقيع إلا بعد ذلك.
confirm-button = أؤكّد توقيعي
confirm-ignore = إن لم تكن أنت، فلا تفعل شيئًا. لن تُحتسب، وتُحذف البيانات { $days ->
    [zero] اليوم
    [one] بعد يوم واحد
    [two] بعد يومين
    [few] بعد { $days } أيام
    [many] بعد { $days } يومًا
   *[other] بعد { $days } يوم
}.

## The e-mail to those who have signed

known-subject = لقد وقّعت من قبل: { $title }
known-why = أعطى أحدهم، ونرجو أن تكون أنت، هذا العنوان مرة أخرى لتوقيع «{ $title }». لقد وقّعت من قبل، وكل شخص يُحتسب مرة واحدة.
known-act = هنا ترى ما وقّعته. يمكنك تصحيحه أو سحبه.
known-button = عرض توقيعي
known-ignore = إن لم تكن أنت، فلا حاجة إلى أي شيء. لم يُخبَر أحد بأنك وقّعت.

## Below every e-mail

mail-link = إن لم يعمل الزر، فافتح هذا العنوان:
mail-from = هذه الرسالة من { $controller }، لأن هذا العنوان كُتب في استمارة. للأسئلة: { $contact }

## In the widget

check-email = أرسلنا إليك رسالة بالبريد الإلكتروني. يُحتسب توقيعك عندما تضغط الزر الذي تقود إليه. لم تصل؟ انظر في البريد غير المرغوب فيه، أو وقّع مرة أخرى لاحقًا.
check-privacy = نرسل رسالة إلى عنوانك لتأكيده. وما لا يُؤكَّد يُحذف { $days ->
    [zero] اليوم
    [one] بعد يوم واحد
    [two] بعد يومين
    [few] بعد { $days } أيام
    [many] بعد { $days } يومًا
   *[other] بعد { $days } يوم
}.

## The page that confirms

asks-title = خطوة واحدة بعد
asks-as = توقّع باسم { $name }، { $country }.
asks-message = رسالتك: { $message }
asks-public = يظهر اسمك علنًا.
asks-private = لا يظهر اسمك علنًا.
asks-updates = تريد أن نخبرك حين يكون هناك ما يمكن فعله.
asks-not-you = ليس هذا ما أردته؟ أغلق هذه الصفحة: فلا يُحتسب شيء، وتُحذف بياناتك.
asks-changed = تغيّر هذا قبل لحظة. يُرجى النظر مرة أخرى قبل التأكيد.
asks-manage = تصحيحه أو محوه
confirmed-title = شكرًا لك، { $name }.
confirmed-number = توقيعك محتسب. أنت رقم { $number }.
confirmed-again = توقيعك محتسب.
confirmed-manage = عرض توقيعي أو تصحيحه أو سحبه
confirmed-campaign = إلى الحملة
over-title = انتهت هذه الحملة.
over-text = لم يعد من الممكن تأكيد توقيعك. تُحذف بياناتك في موعدها.
gone-title = هذا الرابط لا يعمل.
gone-text = ربما كان قديمًا جدًا أو ناقصًا أو لتوقيع سُحب أو مُحي. ما دامت الحملة مفتوحة يمكنك التوقيع من جديد في صفحتها، فتحصل على رابط جديد.

## The page of one's own signature

manage-title = توقيعك
manage-counted = توقيعك محتسب. وُقّع في { $date }.
manage-waiting = لم يُحتسب بعد: افتح الرابط في الرسالة التي تطلب منك التأكيد.
manage-withdrawn = لقد سحبته. لا يُحتسب.
manage-removed = أخرجه المنظمون من العدد. للأسئلة: { $contact }
manage-what = ما لدينا عنك
manage-name = الاسم
manage-email = البريد الإلكتروني
manage-country = البلد
manage-message = الرسالة
manage-public = إظهار اسمي علنًا
manage-updates = أخبروني حين يكون هناك ما يمكن فعله
manage-save = حفظ التغييرات
manage-saved = تم الحفظ.
manage-withdraw-title = سحب توقيعي
manage-withdraw-text = ينقص العدد واحدًا. وتبقى بياناتك حتى تُحذف مع بيانات الجميع. يمكنك التوقيع من جديد.
manage-withdraw-button = سحب
manage-erase-title = محو كل شيء
manage-erase-text = يُحذف التوقيع والاسم والعنوان والرسالة فورًا. وإن كان محتسبًا نقص العدد واحدًا. لا يمكن التراجع عن ذلك.
manage-erase-sure = نعم، امحوا كل شيء
manage-erase-button = محو
manage-erase-unsure = ضع علامة في المربع لتؤكد أنك متيقّن.
manage-kept = تُحذف بياناتك في موعدها على كل حال: { $days ->
    [zero] فورًا
    [one] يوم واحد
    [two] يومان
    [few] { $days } أيام
    [many] { $days } يومًا
   *[other] { $days } يوم
} بعد انتهاء الحملة، أو بعد توقيعك إن لم تكن لها نهاية.
manage-kept-waiting = وما لا يُؤكَّد يُحذف { $days ->
    [zero] اليوم
    [one] بعد يوم واحد
    [two] بعد يومين
    [few] بعد { $days } أيام
    [many] بعد { $days } يومًا
   *[other] بعد { $days } يوم
}.
erased-title = مُحي كل شيء.
erased-text = لم يعد لدينا شيء عنك. هذا الرابط لن يعمل مرة أخرى.
