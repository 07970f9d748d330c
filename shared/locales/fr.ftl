# Français. Keys are grouped by section; the same keys stand in every language.
# Errors stand beside a field or above the form: they say what to do.

## Errors beside a field

error-name-missing = Veuillez indiquer votre nom.
error-name-too-long = Veuillez raccourcir ce nom : 120 caractères au plus.
error-name-forbidden = Ce nom contient des caractères invisibles. Veuillez le saisir à nouveau.
error-name-url = Veuillez indiquer seulement votre nom, sans adresse web.
error-email-missing = Veuillez indiquer votre adresse e-mail.
error-email-invalid = Indiquez une adresse comme nom@example.org.
error-email-too-long = Cette adresse est trop longue. Veuillez la vérifier ou en choisir une autre.
error-country-missing = Veuillez choisir le pays où vous vivez.
error-country-unknown = Veuillez choisir un pays dans la liste.
error-locale-invalid = Nous ne connaissons pas cette langue. Veuillez en choisir une dans la liste.
error-message-too-long = Veuillez raccourcir votre message : 500 caractères au plus.
error-message-forbidden = Ce message contient des caractères invisibles. Veuillez le saisir à nouveau.
error-field-not-asked = Cette campagne ne demande pas cette information. Veuillez laisser ce champ vide.
error-field-too-long = C’est trop long. Veuillez raccourcir.
error-field-invalid = Cette valeur ne semble pas correcte. Veuillez la vérifier.
error-field-unknown = Ce champ n’existe pas. Veuillez recharger la page.
error-field-missing = Veuillez remplir ce champ.

## Errors of the whole form

error-invalid-input = Certains champs sont à revoir.
error-malformed-json = Votre engagement ne nous est pas parvenu en entier. Veuillez l’envoyer à nouveau.
error-unsupported-media-type = Nous n’avons pas pu lire votre envoi. Veuillez recharger la page.
error-body-too-large = C’est plus que nous ne pouvons recevoir. Veuillez raccourcir votre message.
error-idempotency-key-invalid = Un problème est survenu pendant l’envoi. Veuillez recharger la page.
error-idempotency-key-reused = Ce formulaire a déjà été envoyé avec un autre contenu. Veuillez recharger la page avant de le modifier.
error-idempotency-in-flight = Votre engagement est en cours d’envoi. Veuillez patienter un instant.
error-campaign-not-found = Cette campagne n’existe pas. Veuillez vérifier l’adresse de la page.
error-campaign-not-open = Cette campagne n’est pas encore ouverte. Revenez bientôt.
error-campaign-closed = Cette campagne est terminée. Merci d’avoir voulu y participer.
error-slug-taken = Une campagne porte déjà ce nom. Choisissez-en un autre.
error-changed-meanwhile = Quelqu’un d’autre a modifié ceci entre-temps. Rechargez la page.
error-origin-not-allowed = Ce site ne peut pas recueillir d’engagements pour cette campagne. Veuillez signer sur la page de la campagne.
error-rendered-invalid = Cette page est ouverte depuis trop longtemps. Veuillez la recharger.
error-rate-limited = Beaucoup d’engagements viennent de votre réseau en ce moment. Veuillez réessayer dans quelques minutes.
error-too-many-streams = Il y a beaucoup de visites en ce moment. Le nombre est actualisé moins souvent.
error-webhook-url-refused = Indiquez une adresse qui commence par https:// et mène à un serveur public.
error-webhook-event-unknown = Cet événement n’existe pas. Il y a pledge.signed, pledge.confirmed, pledge.withdrawn et goal.reached.
error-too-many-webhooks = Une campagne a au plus 20 webhooks.
error-busy = Beaucoup de personnes signent en ce moment. Veuillez réessayer dans un instant.
error-unavailable = Nous ne pouvons pas enregistrer d’engagements pour le moment. Votre saisie est conservée : veuillez réessayer dans un instant.
error-unauthorized = Veuillez vous connecter pour voir cette page.
error-forbidden = Votre rôle ne le permet pas. Un propriétaire de votre organisation peut le changer, dans Team.
error-state-conflict = Ce n’est pas possible dans l’état actuel.
error-sign-in-failed = L’adresse et le mot de passe ne vont pas ensemble. Veuillez réessayer.
error-sign-in-again = Il faut s’être connecté dans les dix dernières minutes. Veuillez vous déconnecter, vous reconnecter, puis recommencer.
error-csrf-refused = Cette demande ne vient pas de notre page. Veuillez recharger la page.
error-password-too-short = Utilisez au moins 12 caractères. Quelques mots font un bon mot de passe.
error-password-too-long = Utilisez 256 caractères au plus.
error-password-common = Ce mot de passe serait parmi les premiers essayés. Veuillez en choisir un autre.
error-password-wrong = Ce n’est pas votre mot de passe actuel.
error-passkey-refused = Cette clé d’accès ne peut pas servir ici. Veuillez essayer autrement.
error-passkeys-impossible = Les clés d’accès demandent un nom d’hôte et https.
error-last-owner = Il faut toujours un propriétaire. Veuillez d’abord en nommer un autre.
error-last-way-in = C’est votre dernier accès. Choisissez d’abord un mot de passe ou ajoutez une autre clé.
error-already-member = Cette adresse fait déjà partie de l’équipe. Pour un nouvel accès, utilisez le bouton à côté du membre.
error-name-taken = Ce nom est déjà pris. Veuillez en choisir un autre.
error-not-found = Il n’y a rien ici. Veuillez vérifier l’adresse.
error-method-not-allowed = Cette adresse ne permet pas cette action.
error-bad-request = Nous n’avons pas compris cette demande. Veuillez recharger la page.
error-timeout = L’envoi a pris trop de temps. Veuillez vérifier votre connexion et réessayer.
error-internal = Une erreur est survenue de notre côté. Veuillez réessayer dans un instant.

## The widget: the number

counter-of = sur { $goal } engagements
counter-pledges = { $total ->
    [one] engagement
   *[other] engagements
}
counter-bar = Le chemin vers l’objectif
counter-pause = Mettre le compteur en pause
counter-resume = Relancer le compteur
counter-spoken = { $total ->
    [one] { $total } engagement
   *[other] { $total } engagements
}
countries-title = Où l’on a le plus signé

## The widget: how fresh the number is

status-first = Soyez parmi les premiers.
status-countries = { $count ->
    [one] D’un seul pays pour l’instant
   *[other] De { $count } pays à ce jour
}
status-live = En direct · une signature à l’instant : { $country }
status-paused = En pause
status-lost = Reconnexion ·
status-offline = Vous êtes hors ligne ·
age-seconds = dernière mise à jour il y a { $count } s
age-minutes = dernière mise à jour il y a { $count } min
status-removed = Des signatures ont été retirées.
status-recount = Le compte a été refait et corrigé.
status-closed = Terminé
status-not-open = Pas encore ouvert

## The big screen

screen-join = Signez avec votre téléphone
screen-latest = À l’instant
screen-full = Plein écran
screen-leave = Quitter le plein écran

## The widget: the form

field-name = Votre nom
field-email = E-mail
field-email-hint = Pour ne vous compter qu’une fois. Jamais affiché.
field-country = Pays
field-country-choose = Choisir…
field-message = Pourquoi vous signez (facultatif)
field-message-hint = 500 caractères au plus.
field-public-name = Afficher mon nom publiquement
field-updates = Prévenez-moi quand je peux agir (environ deux fois par mois)
did-you-mean = Vouliez-vous dire { $email } ?
sending = Envoi…
notice-offline = Vous êtes hors ligne. Votre saisie est conservée et sera envoyée dès le retour du réseau.
notice-retrying = C’est plus long que d’habitude. Votre engagement est conservé ; nouvel essai dans { $count } s.
notice-limited = Beaucoup de personnes signent depuis votre réseau. Réessayez dans { $count ->
    [one] une seconde
   *[other] { $count } secondes
}.
notice-limited-minutes = Beaucoup de personnes signent depuis votre réseau. Réessayez dans { $count ->
    [one] une minute
   *[other] { $count } minutes
}.

## The widget: what happens to the data

privacy-title = Ce que deviennent mes données
privacy-kept = Vos données sont effacées { $days ->
    [one] un jour
   *[other] { $days } jours
} après la fin de la campagne. Le compte reste.
privacy-kept-signing = Vos données sont effacées { $days ->
    [one] un jour
   *[other] { $days } jours
} après votre signature. Le compte reste.
privacy-views = Nous comptons combien de fois cette page est vue, partagée, et combien de signatures sont commencées, sans cookie, sans adresse et sans identifiant.
privacy-policy = Politique complète

## The widget: after signing

signed-thanks = Merci, { $name }.
signed-number = Vous êtes le numéro { $number }.
signed-receipt = Votre reçu : { $code }
signed-again = Quelqu’un d’autre signe ici
share-title = Faites venir une personne de plus
share-share = Partager
share-copy = Copier le lien
share-copied = Copié
share-mail = E-mail

## The widget: before and after

not-open-title = Cette campagne n’est pas encore ouverte.
opens-at = Elle ouvre le { $date }.
closed-title = Cette campagne est terminée. Merci à toutes les personnes qui ont signé.
closed-at = Elle a pris fin le { $date }.
language = Langue :
month-01 = janvier
month-02 = février
month-03 = mars
month-04 = avril
month-05 = mai
month-06 = juin
month-07 = juillet
month-08 = août
month-09 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
