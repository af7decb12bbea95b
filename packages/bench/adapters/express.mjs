import { createServer } from 'node:http'
import { mount } from '@gatewright/express'
import express from 'express'
import { contender, handler } from './handler.mjs'

export const open = () => contender(() => createServer(express().use(mount(handler))))
