import type { Language } from './language.ts'

/** The pages in Spanish. */
export const spanish: Language = {
  tag: 'es',
  messages: {
    signedInAs: 'Has iniciado sesión como {user}.',

    signIn: 'Iniciar sesión',
    signInTo: 'Inicia sesión en {product}',
    continueTo: 'para continuar a {client}',
    errorTitle: 'Error: {title}',
    userName: 'Nombre de usuario',
    password: 'Contraseña',
    or: 'o',
    continueWith: 'Continuar con {provider}',
    wrong_password: 'El nombre de usuario o la contraseña no son correctos.',
    too_many_attempts: 'Ha habido demasiados intentos. Espera unos minutos y vuelve a intentarlo.',
    provider_failed: 'No se pudo iniciar sesión allí. Vuelve a intentarlo o elige otra forma.',

    allowTitle: '¿Permitir {client}?',
    wantsAccess: '{client} quiere acceder a tu cuenta de {product}',
    signInNext: 'Si lo permites, a continuación inicias sesión con {provider}.',
    unverifiedTitle: 'Esta aplicación no está verificada.',
    unverifiedText: 'Se registró por sí misma, y {product} no ha comprobado su nombre ni quién la creó.',
    onDeviceTitle: 'Esta aplicación se ejecuta en este dispositivo.',
    onDeviceText: 'Continúa solo si acabas de empezar a conectarla tú.',
    mayDo: 'Lo que puede hacer',
    mayKnow: 'Lo que puede saber de ti',
    newScope: 'nuevo',
    untick: 'Desmarca lo que no quieras permitir.',
    sentTo: 'Se te enviará a',
    thisDevice: '{host} (este dispositivo)',
    accessEnds: 'El acceso termina',
    accessEndsAfter:
      'Como máximo después de {duration}, o en cuanto la desconectes en «Aplicaciones conectadas» de tu cuenta de {product}.',
    accessEndsByHand: 'En cuanto la desconectes en «Aplicaciones conectadas» de tu cuenta de {product}.',
    deny: 'Denegar',
    allow: 'Permitir',

    connectedApps: 'Aplicaciones conectadas',
    noApps: 'Ninguna aplicación tiene acceso a tu cuenta de {product}.',
    appsHaveAccess:
      'Estas aplicaciones tienen acceso a tu cuenta de {product}. La que desconectes lo pierde de inmediato y tendrá que volver a pedírtelo.',
    connectedOn: 'Conectada el {date}',
    notVerified: 'Sin verificar',
    disconnect: 'Desconectar',
    signOut: 'Cerrar sesión',

    signOutOf: '¿Cerrar sesión en {product}?',
    asksToSignOut: '{client} pide que cierres la sesión.',
    staySignedIn: 'Mantener la sesión',
    signedOut: 'Has cerrado la sesión',
    signedOutText: 'Puedes cerrar esta página.',
    stillSignedIn: 'Tu sesión sigue abierta',

    mentionCode: 'Puedes cerrar esta página. Si pides ayuda, menciona esto: {detail}',
    unknown_app: 'Aplicación desconocida',
    unknown_app_text: 'La aplicación que te envió aquí no está registrada en este servidor.',
    invalid_link: 'Este enlace no es válido',
    invalid_link_text:
      'La aplicación que te envió aquí cometió un error. Vuelve a ella e inténtalo de nuevo.',
    unanswerable_app: 'No se puede responder a esta aplicación',
    unanswerable_app_text:
      'La aplicación quiere la respuesta en una dirección que no está registrada para ella.',
    expired: 'Esta página ha caducado',
    expired_text: 'La solicitud ya se respondió o tardó demasiado. Empieza de nuevo desde la aplicación.',
    answered: 'Ya respondida',
    answered_text: 'Esta solicitud ya se respondió. Empieza de nuevo desde la aplicación.',
    foreign_form: 'Este formulario no es válido aquí',
    foreign_form_text: 'Tu sesión ha cambiado entretanto. Empieza de nuevo.',
    invalid_sign_in: 'Este inicio de sesión no es válido',
    invalid_sign_in_text:
      'Ya se usó, tardó demasiado o se empezó en otro navegador. Empieza de nuevo desde la aplicación.',
    failed: 'Algo ha ido mal',
    failed_text: 'Vuelve a intentarlo en un momento.',
  },
  scopes: {
    openid: 'Confirmar quién eres',
    profile: 'Ver tu nombre y tu foto',
    email: 'Ver tu dirección de correo electrónico',
    phone: 'Ver tu número de teléfono',
    address: 'Ver tu dirección postal',
    offline_access: 'Seguir conectada cuando no estés',
  },
}
